"""An administration to its askers: its name, and the contact cards of whom to ask."""

from __future__ import annotations

from actions.reply import say
from customs.blocks import Block
from knowledge_base.index.release import Shelf
from knowledge_base.model import Contact, Entry
from knowledge_base.names import administration_name


def name_of(shelf: Shelf, language: str) -> str:
    """The administration's name in `language`."""
    administration = shelf.administration
    return administration_name(administration.id, administration.name, language)


def _card(contact: Contact, language: str) -> Block:
    def words(texts: dict[str, str] | None) -> str | None:
        return (texts.get(language) or texts.get("en")) if texts else None

    rows = [
        [say(language, "Phone"), contact.phone],
        [say(language, "Email"), contact.email],
        [say(language, "Hours"), words(contact.hours)],
    ]
    card: Block = {"type": "card", "title": contact.name, "rows": [row for row in rows if row[1]]}
    if text := words(contact.helps_with):
        card["text"] = text[:1].upper() + text[1:]
    return card | ({"url": contact.url} if contact.url else {})


def choose_contacts(
    contacts: list[Contact], audience: str | None = None, near: Entry | None = None, most: int | None = None
) -> list[Contact]:
    """Contacts for an asker (a traveller unless `audience` or `near` says otherwise), the most useful first.

    First one that rests on a source of `near`, the entry nearest to the question: it is about the subject. Then those of the
    pack, of which the first is the most general: up to `most` in all, or only that one. Contacts for the other audience come in
    only when there are no others.
    """
    audience = audience or (near.audience if near and near.audience != "both" else "traveller")
    fitting = [contact for contact in contacts if contact.audience in ("both", audience)] or contacts
    about = [contact for contact in fitting if near and set(contact.sources) & set(near.sources)][:1]
    return [*about, *(contact for contact in fitting if contact not in about)][: most or len(about) + 1]


def office_cards(
    shelf: Shelf, language: str, audience: str | None = None, near: Entry | None = None, most: int | None = None
) -> list[Block]:
    """The cards of the contacts that `choose_contacts` chooses; none when the pack has none."""
    return [
        _card(contact, language) for contact in choose_contacts(shelf.administration.contacts, audience, near, most)
    ]
