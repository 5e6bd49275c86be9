"""Several people, keys, unread marks, a broken line, modals on top of each other."""

from typing import Any

from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, APP, MANAGERS, PRODUCT, SALES, SAM
from tests.practice.gallery import Json, button, plain
from tests.practice.visitors import Opener, say


async def test_two_people_talk_in_two_browsers(connected: PracticeSlack, open_as: Opener) -> None:
    sam, ana = await open_as(SAM), await open_as(ANA)

    await say(sam, "Who takes Acme? @ana perhaps")
    await expect(ana.get_by_text("@Ana Lopes")).to_be_visible()
    await say(ana, "I do")

    await expect(sam.locator("article").last).to_contain_text("I do")
    await expect(ana.get_by_text("Today")).to_have_count(1)


async def test_what_was_missed_while_the_line_was_broken_is_there_afterwards(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)
    await page.context.set_offline(True)
    async with page.expect_event("websocket") as opened:
        for stop in connected.on_close[1:]:
            await stop()  # the server hangs up, as when it ends
        await expect(page.get_by_text("Reconnecting…")).to_be_visible()
        connected.say(ANA, SALES, "Said meanwhile")
        await page.context.set_offline(False)
    await opened.value

    await expect(page.get_by_text("Said meanwhile")).to_be_visible()
    await expect(page.get_by_text("Reconnecting…")).to_be_hidden()
    connected.say(ANA, SALES, "Said afterwards")
    await expect(page.get_by_text("Said afterwards")).to_be_visible()


async def test_a_line_shows_where_the_new_messages_begin(
    connected: PracticeSlack, open_as: Opener
) -> None:
    connected.say(ANA, MANAGERS, "Known")
    page = await open_as(SAM, channel="managers")
    await page.get_by_role("link", name="sales").click()
    connected.say(ANA, MANAGERS, "Not known")
    await expect(page).to_have_title("(1) #sales · Practice")

    await page.get_by_role("link", name="managers 1 unread").click()

    line = page.get_by_role("separator", name="New messages")
    await expect(line).to_be_visible()
    following = line.locator("xpath=following-sibling::article")
    await expect(following).to_have_count(1)
    await expect(following).to_contain_text("Not known")


async def test_ctrl_k_goes_to_a_conversation_by_typing(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)

    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("combobox", name="Where to?")).to_be_focused()
    await page.keyboard.type("man")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("textbox", name="Message #managers")).to_be_focused()


async def test_ctrl_k_makes_one_somebody_else(connected: PracticeSlack, open_as: Opener) -> None:
    page = await open_as(SAM)

    await page.keyboard.press("Control+k")
    await page.keyboard.type("ana")
    await page.get_by_role("option", name="Ana Lopes").click()

    await expect(page.locator(".identity")).to_contain_text("Ana Lopes")


async def test_arrow_keys_go_through_the_conversations(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)

    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.get_by_role("textbox", name="Message #managers")).to_be_visible()
    await page.get_by_role("link", name="managers").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("textbox", name="Message #product")).to_be_visible()


async def test_people_and_channels_are_offered_while_one_types(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)
    field = page.get_by_role("textbox", name="Message #sales")

    await field.press_sequentially("Ask @an")
    await expect(page.get_by_role("option")).to_have_text(["ALAna Lopes@ana"])
    await field.press("Enter")
    await field.press_sequentially("in #man")
    await field.press("Tab")
    await expect(field).to_have_value("Ask @ana in #managers ")
    await field.press("Enter")

    await connected.until(lambda: connected.messages(SALES))
    assert connected.messages(SALES)[0].text == f"Ask <@{ANA}|ana> in <#{MANAGERS}|managers>"


async def test_commands_are_offered_and_a_whole_one_is_sent_as_it_stands(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    heard: list[str] = []

    @bolt.command("/otl")
    async def answer(ack: Any, body: Json) -> None:
        heard.append(body["text"])
        await ack("Heard")

    connected.say(ANA, SALES, "hello")
    page = await open_as(SAM)
    field = page.get_by_role("textbox", name="Message #sales")

    await field.press_sequentially("/otl st")
    await expect(page.get_by_role("option")).to_have_count(1)
    await field.press("Enter")
    await connected.until(lambda: len(heard) == 1)
    await field.press_sequentially("/otl st")
    await field.press("ArrowDown")
    await field.press("Enter")
    await expect(field).to_have_value("/otl status")
    await field.press("Enter")

    await connected.until(lambda: len(heard) == 2)
    assert heard == ["st", "status"]


async def test_escape_closes_the_offers_and_then_the_thread(
    connected: PracticeSlack, open_as: Opener
) -> None:
    root = connected.say(ANA, SALES, "hello")
    connected.say(SAM, SALES, "Good morning", thread_ts=root.ts)
    page = await open_as(SAM)
    await page.get_by_role("button", name="1 reply").click()
    reply = page.get_by_role("textbox", name="Reply")

    await reply.press_sequentially("@a")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option")).to_have_count(0)
    await expect(reply).to_be_visible()
    await page.keyboard.press("Escape")

    await expect(reply).to_have_count(0)
    await expect(page.get_by_role("button", name="1 reply")).to_be_focused()


async def test_an_invited_app_is_a_member_and_hears_of_it_if_it_has_subscribed(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    joined: list[Json] = []

    @bolt.event("member_joined_channel")
    async def greet(ack: Any, event: Json) -> None:
        joined.append(event)
        await ack()

    page = await open_as(SAM, channel="product")

    await page.get_by_role("button", name="Add OTL to this channel").click()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("added @OTL to this channel.")).to_be_visible()
    assert APP.bot_user_id in connected.workspace.channels[PRODUCT].members
    subscribed = "member_joined_channel" in APP.events
    assert [event["user"] for event in joined] == [APP.bot_user_id] * subscribed
    await say(page, "/invite @otl", channel="product")
    await expect(page.get_by_text("OTL is already in this channel.")).to_be_visible()


async def test_the_app_hears_which_of_its_tabs_is_opened(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    tabs: list[str] = []

    @bolt.event("app_home_opened")
    async def opened(ack: Any, event: Json) -> None:
        tabs.append(event["tab"])
        await ack()
        if event["tab"] == "home":
            section = {"type": "section", "text": plain("My links")}
            await client.views_publish(user_id=SAM, view={"type": "home", "blocks": [section]})

    page = await open_as(SAM)

    await page.get_by_role("link", name="OTL").click()
    await connected.until(lambda: len(tabs) == 1)
    await page.get_by_role("button", name="Home", exact=True).click()

    await expect(page.get_by_text("My links")).to_be_visible()
    assert tabs == ["messages", "home"]


async def test_modals_lie_on_top_of_each_other_and_give_the_focus_back(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    serve_a_stack(bolt, client)
    page = await open_as(SAM)
    await say(page, "/otl")
    first, second = (page.get_by_role("dialog", name=name) for name in ("First", "Second"))
    name = page.get_by_label("Name")

    await expect(name).to_be_focused()
    await name.fill("Jane")
    await page.get_by_role("button", name="Change").click()
    await expect(first.get_by_text("Changed")).to_be_visible()
    await expect(name).to_have_value("Jane")
    await expect(page.get_by_role("button", name="Change")).to_be_focused()
    await page.get_by_role("button", name="More").click()
    await expect(second).to_be_visible()
    await stays_inside(page)
    await page.get_by_role("button", name="Back to what was open before").click()
    await expect(name).to_have_value("Jane")
    await page.keyboard.press("Escape")

    await expect(first).to_have_count(0)
    await expect(page.get_by_role("textbox", name="Message #sales")).to_be_focused()


async def stays_inside(page: Page) -> None:
    for _ in range(8):
        await page.keyboard.press("Tab")
        outside = await page.evaluate(
            "!document.activeElement.closest('dialog') && document.activeElement !== document.body"
        )
        assert not outside


def serve_a_stack(bolt: AsyncApp, client: AsyncWebClient) -> None:
    def view(title: str, *blocks: Json) -> Json:
        return {"type": "modal", "title": plain(title), "submit": plain("OK"), "blocks": blocks}

    name = {
        "type": "input",
        "block_id": "name",
        "label": plain("Name"),
        "element": {"type": "plain_text_input", "action_id": "name"},
    }
    presses = {
        "type": "actions",
        "block_id": "presses",
        "elements": [button("Change", "change"), button("More", "push")],
    }
    changed = {"type": "section", "text": plain("Changed")}

    @bolt.command("/otl")
    async def answer(ack: Any, body: Json) -> None:
        await ack()
        first = view("First", name, presses)
        await client.views_open(trigger_id=body["trigger_id"], view=first)

    @bolt.action("change")
    async def change(ack: Any, body: Json) -> None:
        await ack()
        anew = view("First", name, presses, changed)
        await client.views_update(view_id=body["view"]["id"], view=anew)

    @bolt.action("push")
    async def push(ack: Any, body: Json) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=view("Second", changed))
