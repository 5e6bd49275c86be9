"""A journey that leaves canaries everywhere: links, bookings, troubles, a lost channel."""

from http import HTTPStatus

from otl.practice import Fault
from otl.practice.demo_data import ANA, KIM, SALES, SAM
from tests.journeys.contact import Contact
from tests.journeys.running import public_id_in, read_issued
from tests.journeys.secret_search import BOOKER_EMAIL, LINK_EMAIL, NOTE, Journey


async def book(journey: Journey, contact: Contact) -> None:
    """Issue, copy, look, regenerate, book, look again."""
    program = journey.program
    link = await program.issues(SAM, f"onboarding for Jane {LINK_EMAIL}")
    journey.secrets["first link"] = link.token
    await program.types(SAM, f"/otl copy {link.public_id}")
    await program.types(SAM, f"/otl status {link.public_id}")
    await program.types(ANA, f"/otl status {link.public_id}")
    await program.types(ANA, f"/otl copy {link.public_id}")
    newer = read_issued(await program.types(SAM, f"/otl regenerate {link.public_id}"))
    journey.secrets["second link"] = newer.token
    await book_with(journey, contact, newer.url, "second link")
    await program.channel_reads("Link used: Jane Doe booked")
    for user in (SAM, ANA, KIM):
        await program.types(user, "/otl status")
        await program.types(user, f"/otl status {newer.public_id}")


async def meet_trouble(journey: Journey, contact: Contact) -> None:
    """Wrong forms, links that are dead or never were, a start that is taken, Slack down."""
    program = journey.program
    link = await program.issues(SAM, f"onboarding for Joe {LINK_EMAIL}")
    journey.secrets["third link"] = link.token
    form = await contact.fetches(link.url)
    wrong = form.filled(form.starts[9], email=f"{BOOKER_EMAIL} and more", notes=NOTE)
    assert (await contact.sends(link.url, wrong)).status == HTTPStatus.UNPROCESSABLE_ENTITY
    forged = {**form.filled(form.starts[9], email=BOOKER_EMAIL, notes=NOTE), "ticket": "forged"}
    assert (await contact.sends(link.url, forged)).status == HTTPStatus.UNPROCESSABLE_ENTITY
    other = await program.issues(ANA, "onboarding")
    assert (await contact.books(other.url, number=9)).status == HTTPStatus.SEE_OTHER
    taken = form.filled(form.starts[9], email=BOOKER_EMAIL, notes=NOTE)
    assert (await contact.sends(link.url, taken)).status == HTTPStatus.CONFLICT
    large = {**taken, "notes": NOTE * 20_000}
    assert (await contact.sends(link.url, large)).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (await contact.opens(f"{link.url}x")).status == HTTPStatus.NOT_FOUND
    assert (await contact.opens(f"{link.url}?zone={BOOKER_EMAIL}")).status == HTTPStatus.OK
    program.slack.fault("response_url", Fault.HTTP_500)
    await program.types(SAM, f"/otl copy {link.public_id}")
    await program.types(SAM, f"/otl delete {link.public_id}")
    await program.types(SAM, f"/otl issue nonsense for {LINK_EMAIL}")
    assert (await contact.sends(link.url, taken)).status == HTTPStatus.GONE


async def lose_the_channel(journey: Journey, contact: Contact) -> None:
    """The news goes to the issuer instead; an admin regenerates what is not hers."""
    program = journey.program
    program.slack.remove_bot(SALES)
    link = await program.issues(SAM, f"onboarding for Zoe {LINK_EMAIL}")
    journey.secrets["fourth link"] = link.token
    told = await program.types(KIM, f"/otl regenerate {link.public_id}")
    new_id = next(iter((await program.facts(link.public_id)).replacements))
    assert public_id_in(told) in {link.public_id, new_id}
    newer = read_issued(await program.types(SAM, f"/otl copy {new_id}"))
    journey.secrets["fifth link"] = newer.token
    program.slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    await book_with(journey, contact, newer.url, "fifth link")
    await program.channel_reads(f"<#{SALES}> could not be reached", channel=SAM)


async def book_with(journey: Journey, contact: Contact, url: str, name: str) -> None:
    form = await contact.fetches(url)
    booked = await contact.sends(url, form.filled(form.starts[0], email=BOOKER_EMAIL, notes=NOTE))
    assert booked.status == HTTPStatus.SEE_OTHER
    journey.secrets[f"booking of {name}"] = booked.location.rpartition("/")[2]
    page = journey.program.base + booked.location
    assert (await contact.opens(page)).status == HTTPStatus.OK
    assert (await contact.opens(f"{page}/invitation.ics")).status == HTTPStatus.OK
    assert (await contact.opens(f"{page}x")).status == HTTPStatus.NOT_FOUND
    assert (await contact.opens(url)).status == HTTPStatus.GONE
