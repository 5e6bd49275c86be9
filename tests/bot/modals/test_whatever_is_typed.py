"""Whatever a form is filled in with: Slack takes it, and it is read or refused."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.registry import verbs
from bot.grammar.issue import IssueDraft, IssueLink, read_contact
from bot.grammar.status import ShowStatus
from bot.modals import issue_form, link_form, status_form
from bot.modals.fields import Misfilled
from tests.bot.checker import assert_slack_takes_view
from tests.bot.modals.forms import MENU
from tests.bot.values import names, slack_ids, slugs

drafts = st.builds(IssueDraft, st.text(max_size=300), st.text(max_size=2100), st.text(max_size=300))
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(drafts, names, slugs, slack_ids, st.sampled_from(["copy", "regenerate", "delete"]))
def test_slack_takes_every_form_whatever_was_typed(
    draft: IssueDraft, name: str, slug: str, user: str, verb: str
) -> None:
    assert_slack_takes_view(issue_form.issue_form(draft, channel_id="C0SALES"))
    assert_slack_takes_view(issue_form.issue_form(IssueDraft(name, name), channel_id=""))
    asks = verbs()[verb].link_form
    assert asks is not None
    assert_slack_takes_view(link_form.link_form(verbs()[verb], asks, channel_id="C0SALES"))
    shown = ShowStatus(calendar=slug, user=user)
    assert_slack_takes_view(status_form.status_form(shown, channel_id="D0SAM"))


@many
@given(
    st.recursive(
        st.none() | st.text() | st.booleans(),
        lambda part: st.dictionaries(
            st.sampled_from(["calendar", "contact", "deadline", MENU, "selected_option", "value"]),
            part,
        ),
        max_leaves=12,
    )
)
def test_values_of_any_shape_are_read_or_refused(part: object) -> None:
    values = part if isinstance(part, dict) else {}
    with contextlib.suppress(Misfilled):
        assert isinstance(issue_form.read_issue_form(values), IssueLink)


def test_a_contact_s_name_from_a_form_is_clean() -> None:
    values = {
        issue_form.CALENDAR: {MENU: {"selected_option": {"value": "demo"}}},
        issue_form.CONTACT: {issue_form.CONTACT: {"value": "\u202eJane\u0000  <!channel>"}},
    }

    command = issue_form.read_issue_form(values)

    assert command.contact == read_contact("Jane <!channel>")
