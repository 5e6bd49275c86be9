"""Slack's Web API methods, one file for each of Slack's own families."""

from collections.abc import Mapping
from typing import Final

from otl.practice.api import account, chat, conversations, views
from otl.practice.api.method import Method

METHODS: Final[Mapping[str, Method]] = {
    **account.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **views.METHODS,
}
