"""Who is in the practice workspace when it opens; its calendars are in calendars.toml."""

from pathlib import Path
from typing import Final

from otl.practice.people import App, Channel, ChannelKind, GuideStep, Person, Team

TEAM: Final = Team()
APP: Final = App(
    hints=(
        ("/otl issue onboarding for Acme", "Issue a one-time link"),
        ("/otl calendars", "See what can be booked"),
        ("/otl status", "See which links are active or used"),
        ("/otl help", "See every command"),
    ),
    guide=(
        GuideStep(
            "type",
            "Issue a one-time link",
            "Send this command. Only you will see the address that comes back.",
            line="/otl issue onboarding for Acme",
            sign="/otl/",
        ),
        GuideStep(
            "open",
            "Open it and book as Acme",
            "Any name and e-mail address will do.",
            opened="Choose a time there and book it. Any name and e-mail address will do.",
            sign="Link used",
        ),
        GuideStep("read", "Read the news", "The channel is told who booked, and when."),
    ),
    events=frozenset({"app_home_opened", "member_joined_channel", "user_change"}),
)

SAM: Final = "U01SAMRIVERA"
ANA: Final = "U02ANALOPES"
KIM: Final = "U03KIMPARK"
MIA: Final = "U04MIABRANDT"
JONAS: Final = "U05JONASWEBER"
PRIYA: Final = "U06PRIYASHAH"
LEO: Final = "U07LEOCARTER"

SALES: Final = "C01SALES"
MANAGERS: Final = "C02MANAGERS"
PRODUCT: Final = "C03PRODUCT"
"""A channel without the app, where `/invite @otl` can be tried."""

BERLIN: Final = "Europe/Berlin"
NEW_YORK: Final = "America/New_York"

PEOPLE: Final = (
    Person(SAM, "sam", "Sam Rivera", "sam@practice.example", BERLIN, "Sales", playable=True),
    Person(ANA, "ana", "Ana Lopes", "ana@practice.example", NEW_YORK, "Sales", playable=True),
    Person(
        KIM,
        "kim",
        "Kim Park",
        "kim@practice.example",
        BERLIN,
        "Workspace admin",
        is_admin=True,
        playable=True,
    ),
    Person(MIA, "mia", "Mia Brandt", "mia@practice.example", BERLIN, "Tax adviser"),
    Person(JONAS, "jonas", "Jonas Weber", "jonas@practice.example", BERLIN, "Tax adviser"),
    Person(PRIYA, "priya", "Priya Shah", "priya@practice.example", NEW_YORK, "Yoga teacher"),
    Person(LEO, "leo", "Leo Carter", "leo@practice.example", NEW_YORK, "Engineer"),
)
_EVERYBODY: Final = {person.id for person in PEOPLE} | {APP.bot_user_id}

CHANNELS: Final = (
    Channel(SALES, "sales", members=set(_EVERYBODY), topic="Links issued and links used"),
    Channel(
        MANAGERS,
        "managers",
        ChannelKind.PRIVATE,
        {SAM, ANA, KIM, APP.bot_user_id},
        "What needs a decision",
    ),
    Channel(
        PRODUCT,
        "product",
        members=_EVERYBODY - {APP.bot_user_id},
        topic="The app is not here yet",
    ),
)
CALENDARS_FILE: Final = Path(__file__).with_name("calendars.toml")
