"""Every kind of block that the page draws, as an app would send it."""

from typing import Any, Final

Json = dict[str, Any]

PIXEL: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 5'%3E"
    "%3Crect width='8' height='5' fill='%23567'/%3E%3C/svg%3E"
)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def button(name: str, action_id: str, **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(name), **more}


def menu(kind: str, action_id: str, **more: Any) -> Json:
    return {"type": kind, "action_id": action_id, "placeholder": plain(f"{action_id}…"), **more}


def rich(*parts: Json) -> Json:
    return {"type": "rich_text", "elements": list(parts)}


def rich_section(*pieces: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(pieces)}


def words(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


CONFIRM: Final[Json] = {
    "title": plain("Delete this link?"),
    "text": plain("Nobody can book with it any more. This cannot be undone."),
    "confirm": plain("Delete"),
    "deny": plain("Keep it"),
    "style": "danger",
}
WORDS: Final[list[Json]] = [
    {"type": "header", "text": plain("Links of this week")},
    {
        "type": "section",
        "text": mrkdwn("*Onboarding Call* with <@U02ANALOPES>\n`L-7K2QXA` · in <#C01SALES>"),
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": options("Copy", "Regenerate"),
        },
    },
    {
        "type": "section",
        "fields": [mrkdwn("*Issued*\n12"), mrkdwn("*Used*\n9"), mrkdwn("*Deleted*\n1")],
    },
    {"type": "divider"},
    {"type": "image", "image_url": PIXEL, "alt_text": "A grey rectangle", "title": plain("Image")},
    rich(
        rich_section(words("The address, "), words("alone", bold=True), words(" on its line:")),
        {
            "type": "rich_text_preformatted",
            "elements": [words("https://book.example.com/otl/abcdefgh")],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [rich_section(words("one booking")), rich_section(words("then dead"))],
        },
        {"type": "rich_text_quote", "elements": [words("Thank you, that was easy.")]},
    ),
    {
        "type": "context",
        "elements": [
            {"type": "image", "image_url": PIXEL, "alt_text": "Grey"},
            mrkdwn("issued by <@U01SAMRIVERA>, 2 days ago"),
        ],
    },
]
PRESSES: Final[list[Json]] = [
    {
        "type": "actions",
        "block_id": "presses",
        "elements": [
            button("Issue another", "again", style="primary"),
            button("Status", "status"),
            button("Delete", "delete", style="danger", confirm=CONFIRM),
            menu("static_select", "Kind", options=options("Event", "Round Robin", "Class")),
            menu("users_select", "Host"),
            menu("multi_static_select", "Days", options=options("Monday", "Tuesday", "Friday")),
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-03"},
            {"type": "timepicker", "action_id": "time", "initial_time": "10:00"},
        ],
    },
]
TABLE: Final[Json] = {
    "type": "table",
    "column_settings": [{"align": "left"}, {"align": "right"}],
    "rows": [
        [{"type": "raw_text", "text": "Calendar"}, {"type": "raw_text", "text": "Used"}],
        [{"type": "raw_text", "text": "Onboarding Call"}, {"type": "raw_text", "text": "9"}],
        [
            rich(rich_section(words("Morning Yoga", bold=True))),
            {"type": "raw_text", "text": "4"},
        ],
    ],
}
_PEOPLE: Final = ("Joe", "Zoë", "Ana", "Ben", "Mia", "Kim", "Leo")
DATA_TABLE: Final[Json] = {
    "type": "data_table",
    "caption": "Links by contact",
    "page_size": 5,
    "rows": [
        [{"type": "raw_text", "text": "Contact"}, {"type": "raw_text", "text": "Links"}],
        *(
            [
                {"type": "raw_text", "text": name},
                {"type": "raw_number", "value": place, "text": str(place)},
            ]
            for place, name in enumerate(_PEOPLE, 8)
        ),
    ],
}


def series(name: str, values: list[float], labels: list[str]) -> Json:
    data = [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]
    return {"name": name, "data": data}


_DAYS: Final = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def chart(title: str, kind: str, **rows: list[float]) -> Json:
    return {
        "type": "data_visualization",
        "title": title,
        "chart": {
            "type": kind,
            "series": [series(name, values, _DAYS) for name, values in rows.items()],
            "axis_config": {"categories": _DAYS, "y_label": "Links"},
        },
    }


BARS: Final = chart("Issued by day", "bar", Issued=[12, 7, 0, 4, 9])
PAIRS: Final = chart("Issued and used", "bar", Issued=[12, 7, 0, 4, 9], Used=[9, 7, 0, 2, 3])
LINES: Final = chart("Over the week", "line", Issued=[12, 7, 0, 4, 9], Used=[9, 5, 0, 2, 3])
AREA: Final = chart("Used by day", "area", Used=[120, 95, 40, 240, 183])
PIE: Final[Json] = {
    "type": "data_visualization",
    "title": "What became of them",
    "chart": {
        "type": "pie",
        "segments": [
            {"label": "Used", "value": 9},
            {"label": "Active", "value": 3},
            {"label": "Deleted", "value": 1},
        ],
    },
}
FORM: Final[Json] = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Issue a link"),
    "submit": plain("Issue"),
    "blocks": [
        {
            "type": "input",
            "block_id": block_id,
            "label": plain(label),
            "optional": block_id not in {"calendar", "contact"},
            "element": element,
            **more,
        }
        for block_id, label, element, more in (
            (
                "calendar",
                "Calendar",
                menu("external_select", "calendar", min_query_length=0),
                {"hint": plain("Type a few letters of its name.")},
            ),
            ("contact", "For whom", {"type": "plain_text_input", "action_id": "contact"}, {}),
            ("mail", "E-mail", {"type": "email_text_input", "action_id": "mail"}, {}),
            (
                "count",
                "How many",
                {"type": "number_input", "is_decimal_allowed": False, "action_id": "count"},
                {},
            ),
            ("hosts", "Hosts", menu("multi_users_select", "hosts"), {}),
            ("channel", "Tell", menu("conversations_select", "channel"), {}),
            ("until", "Until", {"type": "datepicker", "action_id": "until"}, {}),
            ("at", "At", {"type": "timepicker", "action_id": "at"}, {}),
            (
                "moment",
                "Remind at",
                {"type": "datetimepicker", "action_id": "moment", "initial_date_time": 1796288400},
                {},
            ),
            (
                "kind",
                "Kind",
                {
                    "type": "radio_buttons",
                    "action_id": "kind",
                    "options": options("Single", "Several"),
                },
                {},
            ),
            (
                "days",
                "Days",
                {
                    "type": "checkboxes",
                    "action_id": "days",
                    "options": options("Monday", "Tuesday"),
                },
                {},
            ),
            (
                "notes",
                "Notes",
                {"type": "plain_text_input", "action_id": "notes", "multiline": True},
                {},
            ),
        )
    ],
}
