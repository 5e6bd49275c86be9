"""Block Kit as the page draws it, and what a press or a choice sends."""

from typing import Any

import pytest
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import MIA, PRIYA, SALES, SAM
from tests.practice.gallery import (
    AREA,
    BARS,
    DATA_TABLE,
    FORM,
    LINES,
    PAIRS,
    PIE,
    PRESSES,
    TABLE,
    WORDS,
    Json,
    plain,
)
from tests.practice.visitors import Opener, say


async def post(client: AsyncWebClient, *blocks: Json) -> None:
    await client.chat_postMessage(channel=SALES, text="Blocks", blocks=list(blocks))


def hear_presses(bolt: AsyncApp) -> list[Json]:
    heard: list[Json] = []

    @bolt.action({"block_id": "presses"})
    async def press(ack: Any, action: Json) -> None:
        heard.append(action)
        await ack()

    return heard


async def until_heard(slack: PracticeSlack, heard: list[Json], count: int) -> Json:
    await slack.until(lambda: len(heard) >= count)
    return heard[count - 1]


async def test_words_of_every_kind_are_drawn(client: AsyncWebClient, open_as: Opener) -> None:
    await post(client, *WORDS)

    page = await open_as(SAM)

    message = page.locator("article")
    await expect(message.get_by_role("heading", name="Links of this week")).to_be_visible()
    await expect(message.get_by_text("@Ana Lopes")).to_be_visible()
    await expect(message.get_by_text("#sales")).to_be_visible()
    await expect(message.get_by_role("img", name="A grey rectangle")).to_be_visible()
    await expect(message.locator("pre")).to_have_text("https://book.example.com/otl/abcdefgh")
    await expect(message.get_by_role("listitem")).to_have_text(["one booking", "then dead"])
    await expect(message.locator(".unknown")).to_have_count(0)


async def test_menus_and_pickers_send_what_was_chosen(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    heard = hear_presses(bolt)
    await post(client, *PRESSES)
    page = await open_as(SAM)

    await page.get_by_role("button", name="Kind…").click()
    await page.get_by_role("combobox", name="Search").fill("rob")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    kind = await until_heard(connected, heard, 1)
    await page.get_by_role("button", name="Host…").click()
    await page.get_by_role("option", name="Mia Brandt").click()
    host = await until_heard(connected, heard, 2)
    await page.get_by_role("button", name="Days…").click()
    await page.get_by_role("option", name="Monday").click()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Monday, Tuesday")).to_be_focused()
    days = await until_heard(connected, heard, 3)
    await page.get_by_label("Date", exact=True).fill("2026-12-24")
    day = await until_heard(connected, heard, 4)

    assert kind["selected_option"]["value"] == "round robin"
    assert host["selected_user"] == MIA
    assert [option["value"] for option in days["selected_options"]] == ["monday", "tuesday"]
    assert day["selected_date"] == "2026-12-24"


async def test_the_overflow_menu_is_worked_by_keyboard(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    chosen: list[str] = []

    @bolt.action("more")
    async def more(ack: Any, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await post(client, WORDS[1])
    page = await open_as(SAM)
    opener = page.get_by_role("button", name="More actions")

    await opener.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(opener).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await connected.until(lambda: chosen)
    assert chosen == ["regenerate"]


async def test_a_button_that_confirms_gives_the_focus_back(
    connected: PracticeSlack, client: AsyncWebClient, open_as: Opener
) -> None:
    await post(client, *PRESSES)
    page = await open_as(SAM)
    delete = page.get_by_role("button", name="Delete", exact=True)

    await delete.click()
    await expect(page.get_by_role("button", name="Keep it")).to_be_focused()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(delete).to_be_focused()


async def test_a_data_table_sorts_by_number_and_turns_its_pages(
    client: AsyncWebClient, open_as: Opener
) -> None:
    await post(client, DATA_TABLE)
    page = await open_as(SAM)
    names = page.locator("article tbody th")
    await expect(names).to_have_text(["Joe", "Zoë", "Ana", "Ben", "Mia"])

    await page.get_by_role("button", name="More rows").click()
    await expect(names).to_have_text(["Kim", "Leo"])
    await expect(page.get_by_text("Page 2 of 2")).to_be_visible()
    await page.get_by_role("button", name="Links", exact=True).click()
    await page.get_by_role("button", name="Links", exact=True).click()

    await expect(names).to_have_text(["Leo", "Kim", "Mia", "Ben", "Ana"])
    header = page.get_by_role("columnheader", name="Links")
    await expect(header).to_have_attribute("aria-sort", "descending")


async def test_a_table_shows_its_cells(client: AsyncWebClient, open_as: Opener) -> None:
    await post(client, TABLE)

    page = await open_as(SAM)

    await expect(page.locator("article td")).to_have_text(
        ["Onboarding Call", "9", "Morning Yoga", "4"]
    )


@pytest.mark.parametrize(
    ("chart", "shapes", "said"),
    [
        pytest.param(BARS, "rect", "Issued by day. Issued: Monday 12, Tuesday 7", id="bars"),
        pytest.param(PAIRS, "rect", "Used: Monday 9", id="bars of two"),
        pytest.param(LINES, "polyline", "Used: Monday 9, Tuesday 5", id="lines"),
        pytest.param(AREA, "polygon", "Used: Monday 120", id="area"),
        pytest.param(PIE, "path", "Used: 9, Active: 3, Deleted: 1", id="pie"),
    ],
)
async def test_a_chart_is_a_drawing_that_says_its_numbers(
    client: AsyncWebClient, open_as: Opener, chart: Json, shapes: str, said: str
) -> None:
    await post(client, chart)

    page = await open_as(SAM)

    drawing = page.get_by_role("img", name=said)
    await expect(drawing).to_be_visible()
    assert await drawing.locator(shapes).count() >= 1
    if chart is PIE:
        await expect(page.locator("article").get_by_role("listitem")).to_have_text(
            ["1Used969 %", "2Active323 %", "3Deleted18 %"]
        )
    else:
        await page.get_by_text("Numbers").click()
        await expect(page.get_by_role("rowheader", name="Wednesday")).to_be_visible()


async def test_a_form_sends_every_kind_of_answer(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    submitted = hear_forms(bolt, client)
    page = await open_as(SAM)
    await say(page, "/otl")
    form = page.get_by_role("dialog", name="Issue a link")

    await form.get_by_role("button", name="Calendar").click()
    await form.get_by_role("option", name="Tax Advice").click()
    await form.get_by_label("For whom").fill("Jane")
    await form.get_by_label("E-mail").fill("jane@example.com")
    await form.get_by_label("How many").fill("3")
    await choose_hosts(page)
    await form.get_by_role("button", name="Tell").click()
    await form.get_by_role("option", name="#sales").click()
    await form.get_by_label("Until").fill("2026-12-24")
    await form.get_by_label("At (optional)", exact=True).fill("09:30")
    await form.get_by_label("Remind at").fill("2026-12-03T09:00")
    await form.get_by_label("Several").check()
    await form.get_by_label("Tuesday").check()
    await form.get_by_label("Notes").fill("Two\nlines")
    await form.get_by_role("button", name="Issue", exact=True).click()

    await expect(form).to_have_count(0)
    given = {name: next(iter(entry.values())) for name, entry in submitted[0].items()}
    assert given["calendar"]["selected_option"]["value"] == "Tax Advice"
    assert given["contact"]["value"] == "Jane"
    assert given["mail"]["value"] == "jane@example.com"
    assert given["count"]["value"] == "3"
    assert given["hosts"]["selected_users"] == [MIA, PRIYA]
    assert given["channel"]["selected_conversation"] == SALES
    assert given["until"]["selected_date"] == "2026-12-24"
    assert given["at"]["selected_time"] == "09:30"
    assert given["moment"]["selected_date_time"] == 1796284800  # 09:00 in Berlin, where Sam is
    assert given["kind"]["selected_option"]["value"] == "several"
    assert [option["value"] for option in given["days"]["selected_options"]] == ["tuesday"]
    assert given["notes"]["value"] == "Two\nlines"


async def choose_hosts(page: Page) -> None:
    await page.get_by_role("button", name="Hosts").click()
    await page.get_by_role("option", name="Mia Brandt").click()
    await page.get_by_role("option", name="Priya Shah").click()
    await page.keyboard.press("Escape")


def hear_forms(bolt: AsyncApp, client: AsyncWebClient) -> list[Json]:
    submitted: list[Json] = []

    @bolt.command("/otl")
    async def answer(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.options("calendar")
    async def suggest(ack: Any) -> None:
        names = ("Onboarding Call", "Tax Advice")
        await ack(options=[{"text": plain(name), "value": name} for name in names])

    @bolt.view("form")
    async def submit(ack: Any, view: Json) -> None:
        submitted.append(view["state"]["values"])
        await ack()

    return submitted
