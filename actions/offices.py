"""Whom to ask: the contact cards of an administration."""

from __future__ import annotations

from actions.reply import say
from customs.blocks import Block
from knowledge_base.index.release import Shelf
from knowledge_base.model import Contact


def _card(contact: Contact, language: str) -> Block:
    def words(texts: dict[str, str] | None) -> str | None:
        return (texts.get(language) or texts.get("en")) if texts else None

    rows = [
        [say(language, "Phone"), contact.phone],
        [say(language, "Email"), contact.email],
        [say(language, "Hours"), words(contact.hours)],
    ]
    card: Block = {
        "type": "card",
        "title": contact.name,
        "text": words(contact.helps_with) or "",
        "rows": [row for row in rows if row[1]],
    }
    return card | ({"url": contact.url} if contact.url else {})


def office_cards(shelf: Shelf, language: str, audience: str | None = None, most: int = 2) -> list[Block]:
    """Up to `most` contacts, those for `audience` first."""
    contacts = sorted(shelf.administration.contacts, key=lambda contact: contact.audience not in ("both", audience))
    return [_card(contact, language) for contact in contacts[:most]]
