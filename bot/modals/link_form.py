"""The form that asks for the link of a verb that needs one. Pure."""

from typing import Any, Final

from slack_sdk.models.views import View

from bot.commands.verb import LinkForm, Verb
from bot.grammar.link_ids import public_id
from bot.modals.fields import Misfilled, Values, chosen_in, field, form, search_menu
from bot.text import forms as words

LINK: Final = "link"


def callback_of(verb: Verb[Any]) -> str:
    """Return the form's callback_id."""
    return f"{verb.name}_form"


def menu_of(verb: Verb[Any]) -> str:
    """Return the action_id of the form's menu."""
    return f"choose_link_to_{verb.name}"


def link_form(verb: Verb[Any], asks: LinkForm, *, channel_id: str) -> View:
    """Return the form for one of the verbs that need a link."""
    menu = search_menu(menu_of(verb), placeholder=words.SEARCH_LINKS)
    return form(
        callback_id=callback_of(verb),
        title=asks.title,
        submit=verb.name.capitalize(),
        blocks=[field(LINK, words.LINK, menu, hint=asks.hint)],
        channel_id=channel_id,
    )


def read_link_form(verb: Verb[Any], values: Values) -> str:
    """Read which link was chosen: its public id.

    Raises:
        Misfilled: none was.
    """
    link = public_id(chosen_in(values, LINK, menu_of(verb)))
    if link is None:
        raise Misfilled({LINK: words.CHOOSE_ONE})
    return link
