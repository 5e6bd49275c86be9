"""Pages as a strict HTML5 parser reads them: a page with a parse error fails the test."""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

import html5lib


def parse(page: str) -> Element:
    root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    return root


def text_of(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def words_of(page: str) -> str:
    """Return what a person reads on it."""
    return text_of(parse(page).find("body"))


def headings(page: str) -> list[str]:
    return [text_of(heading) for heading in parse(page).iter("h1")]


def forms(page: str, method: str) -> list[Element]:
    return [form for form in parse(page).iter("form") if form.get("method") == method]


def posted_fields(page: str) -> dict[str, str]:
    """Return what a browser would post if the form were sent as it stands."""
    root = parse(page)
    fields = {}
    for control in _controls(root):
        name, kind = control.get("name"), control.get("type")
        if kind == "radio" and control.get("checked") is None:
            continue
        value = "".join(control.itertext()) if control.tag == "textarea" else control.get("value")
        fields[name or ""] = value or ""
    return fields


def starts(page: str) -> list[str]:
    """Return the values of all times that can be chosen."""
    return [radio.get("value") or "" for radio in _controls(parse(page)) if _is_time(radio)]


def near_starts(page: str) -> list[str]:
    """Return those that are offered above the form."""
    radios = parse(page).iter("input")
    return [radio.get("value") or "" for radio in radios if radio.get("form") == "book"]


def days(page: str) -> Mapping[str, list[str]]:
    """Return the labels of the times under the headline of each day."""
    return {
        text_of(day.find("legend")): [text_of(label) for label in day.iter("label")]
        for day in parse(page).iter("fieldset")
    }


def by_id(page: str, name: str) -> Element:
    return next(element for element in parse(page).iter() if element.get("id") == name)


def links(page: str) -> dict[str, str]:
    return {
        link.get("aria-label") or text_of(link): link.get("href") or ""
        for link in parse(page).iter("a")
    }


def _controls(root: Element) -> Iterator[Element]:
    form = next(form for form in root.iter("form") if form.get("method") == "post")
    inside = list(form.iter())
    for element in root.iter():
        if element.tag in {"input", "textarea"} and (
            element in inside or element.get("form") == form.get("id")
        ):
            yield element


def _is_time(control: Element) -> bool:
    return control.get("type") == "radio" and control.get("name") == "start"
