"""What a channel reads when the app joins it: once, short, with a form behind it."""

from bot.messages.notes import OPEN_ISSUE_FORM
from tests.bot.conftest import Office, all_links
from tests.given import ANA, SALES, SAM, given_calendar


async def test_a_channel_is_greeted_once_in_three_lines_and_one_button(office: Office) -> None:
    bot = office.slack.workspace.app.bot_user_id
    joined = {"type": "member_joined_channel", "user": bot, "channel": SALES, "inviter": SAM}
    await office.slack.event(joined)
    await office.slack.until(lambda: office.slack.messages(SALES))

    await office.slack.repeat(office.slack.courier.sent[-1])
    await office.slack.event(joined)
    await office.bot.close()

    (greeting,) = office.slack.messages(SALES)
    words, actions = greeting.blocks
    assert len(words["text"]["text"].splitlines()) == 3
    assert len(actions["elements"]) == 1


async def test_a_person_who_joins_a_channel_is_not_greeted(office: Office) -> None:
    await office.slack.event({"type": "member_joined_channel", "user": ANA, "channel": SALES})

    await office.bot.close()

    assert office.slack.messages(SALES) == ()


async def test_the_greeting_s_button_opens_a_form_for_whoever_presses(office: Office) -> None:
    await given_calendar(office.database)
    bot = office.slack.workspace.app.bot_user_id
    await office.slack.event({"type": "member_joined_channel", "user": bot, "channel": SALES})
    (greeting,) = await office.slack.until(lambda: office.slack.messages(SALES))

    await office.press_only(ANA, greeting, OPEN_ISSUE_FORM)
    form = office.slack.modal(ANA)
    assert form is not None
    await office.slack.submit(form, {"choose_calendar": "onboarding-call"})

    (link,) = (await all_links(office)).links
    assert (link.issued_by, link.channel_id) == (ANA, SALES)
