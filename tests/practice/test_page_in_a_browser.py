"""The page as people meet it, in chromium."""

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.async_api import WebSocket, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, MANAGERS, SALES, SAM
from tests.practice.visitors import Opener, say

Json = dict[str, Any]
SECRET_URL = "https://book.example/otl/abcdefghijkmnpqrstuvwxyz23456789"


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


CONFIRM = {
    "title": plain("Delete?"),
    "text": plain("Gone"),
    "confirm": plain("Yes"),
    "deny": plain("No"),
}
CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": f"*For Jane*\n<{SECRET_URL}>"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "delete",
                "text": plain("Delete"),
                "style": "danger",
                "confirm": CONFIRM,
            }
        ],
    },
]
MODAL: Json = {
    "type": "modal",
    "callback_id": "issue",
    "title": plain("Issue a link"),
    "submit": plain("Issue"),
    "blocks": [
        {
            "type": "input",
            "block_id": "calendar",
            "label": plain("Calendar"),
            "element": {"type": "external_select", "action_id": "calendar", "min_query_length": 0},
        },
        {
            "type": "input",
            "block_id": "contact",
            "label": plain("For whom"),
            "element": {"type": "plain_text_input", "action_id": "contact"},
        },
    ],
}


async def test_a_command_is_answered_to_its_person_alone(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    pressed: list[Json] = []

    @bolt.command("/otl")
    async def answer(ack: Any) -> None:
        await ack(text="For Jane", blocks=CARD)

    @bolt.action("delete")
    async def delete(ack: Any, action: Json, respond: Any) -> None:
        pressed.append(action)
        await ack()
        await respond("Deleted", replace_original=True)

    sam, ana = await open_as(SAM), await open_as(ANA)
    heard_by_ana: list[str] = []

    def listen(wire: WebSocket) -> None:
        wire.on("framereceived", lambda frame: heard_by_ana.append(str(frame)))

    ana.on("websocket", listen)
    await ana.reload()

    await say(sam, "/otl issue onboarding for Jane")
    await expect(sam.get_by_text("Only visible to you")).to_be_visible()
    await expect(sam.get_by_role("link", name=SECRET_URL)).to_have_attribute("href", SECRET_URL)
    await sam.get_by_role("button", name="Delete").click()
    await sam.get_by_role("button", name="No").click()
    assert pressed == []
    await sam.get_by_role("button", name="Delete").click()
    await sam.get_by_role("button", name="Yes").click()
    await expect(sam.get_by_text("Deleted")).to_be_visible()

    await say(sam, "hello *all*")
    await expect(ana.locator("strong", has_text="all")).to_be_visible()
    assert len(pressed) == 1
    assert "hello *all*" in str(heard_by_ana)
    assert SECRET_URL not in await ana.content() + str(heard_by_ana)


async def test_hostile_text_stays_text(
    slack: PracticeSlack, client: AsyncWebClient, open_as: Opener
) -> None:
    hostile = "<img src=x onerror=alert(1)> <javascript:alert(1)|press> *<b>* `<i>` <https://x.example|<u>>"
    await client.chat_postMessage(channel=SALES, text=hostile)
    page = await open_as(SAM)

    message = page.locator("article")

    await expect(message).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(message).to_contain_text("<javascript:alert(1)|press>")
    assert await message.locator("img, b, i, u, a[href^='javascript']").count() == 0


async def test_times_are_in_the_zone_of_the_person_one_is(
    slack: PracticeSlack, client: AsyncWebClient, open_as: Opener
) -> None:
    await client.chat_postMessage(channel=SALES, text="<!date^1796288400^{date_short} {time}|UTC>")

    sam, ana = await open_as(SAM), await open_as(ANA)

    await expect(sam.locator("article .text")).to_have_text("3 Dec 2026 10:00")
    await expect(ana.locator("article .text")).to_have_text("3 Dec 2026 04:00")


async def test_a_modal_keeps_what_was_typed_and_says_what_is_wrong(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    submitted: list[Json] = []

    @bolt.command("/otl")
    async def answer(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bolt.options("calendar")
    async def suggest(ack: Any, payload: Json) -> None:
        names = [
            name for name in ("Onboarding Call", "Yoga") if payload["value"].lower() in name.lower()
        ]
        await ack(options=[{"text": plain(name), "value": name} for name in names])

    @bolt.view("issue")
    async def submit(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"])
        if len(submitted) == 1:
            await ack(response_action="errors", errors={"contact": "One address only."})
        else:
            await ack()

    page = await open_as(SAM)
    await say(page, "/otl issue")
    dialog = page.get_by_role("dialog", name="Issue a link")
    await dialog.get_by_role("button", name="Issue").click()
    await expect(dialog.get_by_text("Please complete this required field.")).to_have_count(2)

    await dialog.get_by_role("button", name="Calendar").click()
    await dialog.get_by_role("combobox", name="Search").fill("onb")
    await dialog.get_by_role("option", name="Onboarding Call").click()
    await dialog.get_by_role("textbox", name="For whom").fill("Jane")
    await dialog.get_by_role("button", name="Issue").click()
    await expect(dialog.get_by_text("One address only.")).to_be_visible()
    await expect(dialog.get_by_role("textbox", name="For whom")).to_have_value("Jane")
    await dialog.get_by_role("button", name="Issue").click()

    await expect(dialog).to_have_count(0)
    chosen = submitted[-1]["calendar"]["calendar"]["selected_option"]
    assert chosen["value"] == "Onboarding Call"
    assert submitted[-1]["contact"]["contact"]["value"] == "Jane"


async def test_unread_messages_are_marked_and_threads_open_at_the_side(
    slack: PracticeSlack, open_as: Opener
) -> None:
    root = slack.say(ANA, SALES, "Any news?")
    page = await open_as(SAM)
    slack.say(ANA, MANAGERS, "Look here")
    managers = page.get_by_role("link", name="managers")
    await expect(managers).to_contain_text("1 unread")

    await managers.click()
    await expect(page.get_by_text("Look here")).to_be_visible()
    await expect(managers).not_to_contain_text("unread")
    await page.get_by_role("link", name="sales").click()
    slack.say(ANA, SALES, "None yet", thread_ts=root.ts)
    await page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_text("None yet")).to_be_visible()
    await thread.get_by_role("textbox", name="Reply").fill("Thanks")
    await thread.get_by_role("textbox", name="Reply").press("Enter")

    await expect(page.get_by_role("button", name="2 replies")).to_be_visible()


async def test_an_app_that_does_not_answer_is_told(slack: PracticeSlack, open_as: Opener) -> None:
    page = await open_as(SAM)

    await say(page, "/otl help")

    await expect(page.get_by_text("dispatch_failed")).to_be_visible()
    await expect(page.get_by_text("Is it running?")).to_be_visible()


@pytest.mark.parametrize("width", [pytest.param(1280, id="desktop"), pytest.param(390, id="phone")])
async def test_axe_finds_nothing(
    slack: PracticeSlack, client: AsyncWebClient, open_as: Opener, width: int
) -> None:
    slack.say(ANA, SALES, "hello")
    await client.chat_postEphemeral(channel=SALES, user=SAM, text="For Jane", blocks=CARD)
    page = await open_as(SAM)
    await page.set_viewport_size({"width": width, "height": 844})

    found = await Axe().run(page)

    assert found.violations_count == 0, found.generate_report()
