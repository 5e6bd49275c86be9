"""The practice workspace: a strict local stand-in for Slack and a page to type in."""

from otl.practice.app import add_practice_routes, create_practice_app, running_practice
from otl.practice.faults import Fault
from otl.practice.limits import check_blocks, check_view
from otl.practice.messages import Message
from otl.practice.slack import PracticeSlack
from otl.practice.views import View

__all__ = [
    "Fault",
    "Message",
    "PracticeSlack",
    "View",
    "add_practice_routes",
    "check_blocks",
    "check_view",
    "create_practice_app",
    "running_practice",
]
