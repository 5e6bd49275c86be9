"""The form that asks for the link of `copy`, `regenerate` or `delete`. Pure."""

from collections.abc import Mapping
from typing import Final

from slack_sdk.models.views import View

from bot.grammar.commands import CopyLink, DeleteLink, RegenerateLink, public_id
from bot.grammar.verbs import Verb
from bot.modals.fields import Misfilled, Values, chosen_in, field, form, search_menu
from bot.text import forms as words

LINK: Final = "link"
CALLBACKS: Final[Mapping[str, Verb]] = {
    "copy_form": Verb.COPY,
    "regenerate_form": Verb.REGENERATE,
    "delete_form": Verb.DELETE,
}
MENUS: Final[Mapping[str, Verb]] = {
    "choose_link_to_copy": Verb.COPY,
    "choose_link_to_regenerate": Verb.REGENERATE,
    "choose_link_to_delete": Verb.DELETE,
}
_CALLBACK_OF: Final = {verb: callback for callback, verb in CALLBACKS.items()}
_MENU_OF: Final = {verb: menu for menu, verb in MENUS.items()}


def link_form(verb: Verb, *, channel_id: str) -> View:
    """Return the form for one of the verbs that need a link."""
    menu = search_menu(_MENU_OF[verb], placeholder=words.SEARCH_LINKS)
    return form(
        callback_id=_CALLBACK_OF[verb],
        title=words.LINK_TITLES[verb],
        submit=verb.value.capitalize(),
        blocks=[field(LINK, words.LINK, menu, hint=words.LINK_HINTS[verb])],
        channel_id=channel_id,
    )


def read_link_form(verb: Verb, values: Values) -> CopyLink | RegenerateLink | DeleteLink:
    """Read which link was chosen.

    Raises:
        Misfilled: none was.
    """
    link = public_id(chosen_in(values, LINK, _MENU_OF[verb]))
    if link is None:
        raise Misfilled({LINK: words.CHOOSE_ONE})
    if verb is Verb.COPY:
        return CopyLink(link)
    return RegenerateLink(link) if verb is Verb.REGENERATE else DeleteLink(link)
