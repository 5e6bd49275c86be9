"""Messages are found again as in Slack: late, by pages, in their threads."""

from slack_sdk.web.async_client import AsyncWebClient

from otl.practice.demo_data import SALES
from tests.practice.conftest import Clock

METADATA = {"event_type": "otl_notification", "event_payload": {"id": "n-1"}}


async def test_history_lags(client: AsyncWebClient, clock: Clock) -> None:
    await client.chat_postMessage(channel=SALES, text="a")

    clock.seconds += 1.9
    assert (await client.conversations_history(channel=SALES))["messages"] == []

    clock.seconds += 0.1
    assert len((await client.conversations_history(channel=SALES))["messages"]) == 1


async def test_history_has_metadata_only_when_asked(client: AsyncWebClient, clock: Clock) -> None:
    await client.chat_postMessage(channel=SALES, text="a", metadata=METADATA)
    clock.seconds += 60

    without = await client.conversations_history(channel=SALES)
    having = await client.conversations_history(channel=SALES, include_all_metadata=True)

    assert "metadata" not in without["messages"][0]
    assert having["messages"][0]["metadata"] == METADATA


async def test_history_pages_by_fifteen_newest_first(client: AsyncWebClient, clock: Clock) -> None:
    for number in range(32):
        await client.chat_postMessage(channel=SALES, text=str(number))
    clock.seconds += 60

    pages: list[list[str]] = []
    cursor = None
    while cursor != "":
        page = await client.conversations_history(channel=SALES, limit=100, cursor=cursor)
        pages.append([message["text"] for message in page["messages"]])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")

    assert [len(page) for page in pages] == [15, 15, 2]
    assert [text for page in pages for text in page] == [str(n) for n in reversed(range(32))]


async def test_history_begins_after_oldest(client: AsyncWebClient, clock: Clock) -> None:
    ts = [(await client.chat_postMessage(channel=SALES, text=str(n)))["ts"] for n in range(3)]
    clock.seconds += 60

    later = await client.conversations_history(channel=SALES, oldest=ts[0])
    inclusive = await client.conversations_history(channel=SALES, oldest=ts[0], inclusive=True)

    assert [message["ts"] for message in later["messages"]] == [ts[2], ts[1]]
    assert len(inclusive["messages"]) == 3


async def test_replies_are_in_their_thread_and_not_in_the_channel(
    client: AsyncWebClient, clock: Clock
) -> None:
    root = (await client.chat_postMessage(channel=SALES, text="root"))["ts"]
    await client.chat_postMessage(channel=SALES, text="reply", thread_ts=root)
    clock.seconds += 60

    history = await client.conversations_history(channel=SALES)
    thread = await client.conversations_replies(channel=SALES, ts=root)

    assert [message["text"] for message in history["messages"]] == ["root"]
    assert [message["text"] for message in thread["messages"]] == ["root", "reply"]
