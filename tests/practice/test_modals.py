"""Views are opened, pushed, updated and submitted as in Slack."""

from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, SALES, SAM
from tests.practice.conftest import Clock

Json = dict[str, Any]
TITLE = {"type": "plain_text", "text": "Issue"}
NAME = {
    "type": "input",
    "block_id": "contact",
    "label": TITLE,
    "element": {"type": "plain_text_input", "action_id": "name"},
}
MODAL = {"type": "modal", "callback_id": "issue", "title": TITLE, "submit": TITLE, "blocks": [NAME]}


async def _trigger(slack: PracticeSlack) -> str:
    await slack.command(SAM, SALES, "/otl issue")
    return str(slack.courier.sent[-1].payload["trigger_id"])


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: PracticeSlack, client: AsyncWebClient, clock: Clock
) -> None:
    trigger, late = await _trigger(slack), await _trigger(slack)

    await client.views_open(trigger_id=trigger, view=MODAL)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=MODAL)
    clock.seconds += 3.1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=MODAL)
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=MODAL)

    modal = slack.modal(SAM)
    assert modal is not None
    assert modal.callback_id == "issue"
    assert slack.modal(ANA) is None


async def test_a_view_that_breaks_a_limit_is_refused(
    slack: PracticeSlack, client: AsyncWebClient
) -> None:
    trigger = await _trigger(slack)

    with pytest.raises(SlackApiError) as refused:
        await client.views_open(
            trigger_id=trigger, view={**MODAL, "title": {**TITLE, "text": "a" * 25}}
        )

    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/title/text" in str(refused.value.response["response_metadata"])


async def test_three_views_and_no_more(slack: PracticeSlack, client: AsyncWebClient) -> None:
    await client.views_open(trigger_id=await _trigger(slack), view=MODAL)
    await client.views_push(trigger_id=await _trigger(slack), view=MODAL)
    await client.views_push(trigger_id=await _trigger(slack), view=MODAL)

    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=await _trigger(slack), view=MODAL)

    assert slack.views.depth(SAM) == 3


async def test_a_view_is_updated_by_its_hash(slack: PracticeSlack, client: AsyncWebClient) -> None:
    opened = (await client.views_open(trigger_id=await _trigger(slack), view=MODAL))["view"]
    other = {**MODAL, "callback_id": "other"}

    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=other)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=opened["id"], hash=opened["hash"], view=other)
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V404", view=other)

    modal = slack.modal(SAM)
    assert modal is not None
    assert modal.callback_id == "other"


@pytest_asyncio.fixture(loop_scope="session")
async def opened(connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient) -> PracticeSlack:
    """A stand-in in which Sam has the modal open."""

    @bolt.command("/otl")
    async def listen(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    await connected.command(SAM, SALES, "/otl issue")
    return connected


async def test_a_submission_carries_what_was_typed(opened: PracticeSlack, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.view("issue")
    async def listen(ack: Any, view: Json) -> None:
        heard.append(view["state"]["values"])
        await ack()

    modal = opened.modal(SAM)
    assert modal is not None
    submitted = await opened.submit(modal, {"name": "Jane"})

    assert submitted.ok
    assert heard == [{"contact": {"name": {"type": "plain_text_input", "value": "Jane"}}}]
    assert opened.modal(SAM) is None


async def test_a_required_field_is_asked_for_before_anything_is_sent(
    opened: PracticeSlack,
) -> None:
    modal = opened.modal(SAM)
    assert modal is not None
    sent = len(opened.courier.sent)

    submitted = await opened.submit(modal, {})

    assert submitted.errors == {"contact": "Please complete this required field."}
    assert len(opened.courier.sent) == sent


@pytest.mark.parametrize(
    ("answer", "errors", "top"),
    [
        pytest.param(
            {"response_action": "errors", "errors": {"contact": "Who?"}},
            {"contact": "Who?"},
            "issue",
            id="errors",
        ),
        pytest.param(
            {"response_action": "update", "view": {**MODAL, "callback_id": "next"}},
            {},
            "next",
            id="update",
        ),
        pytest.param(
            {"response_action": "push", "view": {**MODAL, "callback_id": "top"}},
            {},
            "top",
            id="push",
        ),
        pytest.param({"response_action": "clear"}, {}, None, id="clear"),
    ],
)
async def test_what_an_app_answers_to_a_submission(
    opened: PracticeSlack, bolt: AsyncApp, answer: Json, errors: Json, top: str | None
) -> None:
    @bolt.view("issue")
    async def listen(ack: Any) -> None:
        await ack(**answer)

    modal = opened.modal(SAM)
    assert modal is not None
    submitted = await opened.submit(modal, {"name": "Jane"})

    assert submitted.errors == errors
    assert submitted.failure is None
    shown = opened.modal(SAM)
    assert (shown.callback_id if shown else None) == top


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"response_action": "errors", "errors": {"nowhere": "x"}}, id="unknown block"),
        pytest.param({"response_action": "update", "view": {"type": "modal"}}, id="broken view"),
    ],
)
async def test_an_answer_that_slack_refuses_leaves_the_modal_and_tells_the_person(
    opened: PracticeSlack, bolt: AsyncApp, answer: Json
) -> None:
    @bolt.view("issue")
    async def listen(ack: Any) -> None:
        await ack(**answer)

    modal = opened.modal(SAM)
    assert modal is not None
    submitted = await opened.submit(modal, {"name": "Jane"})

    assert submitted.failure == "We had some trouble connecting. Try again?"
    assert opened.modal(SAM) is modal
