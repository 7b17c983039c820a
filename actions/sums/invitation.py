"""Buttons that begin a sum, under the answers of its subject."""

from __future__ import annotations

from actions.reply import say
from customs.blocks import Block, buttons
from knowledge_base.index.release import Shelf

# The intent that begins a sum → what the button says.
_INVITATIONS = {
    "check_allowance": "Check my goods",
    "estimate_duty": "Work out duty and tax",
    "declare_cash": "Check my cash",
}
# ... → the file of a pack that it needs, and the topics of answers that it goes with.
_WHERE: dict[str, tuple[str, frozenset[str]]] = {
    "check_allowance": ("allowances", frozenset({"alcohol", "tobacco", "goods", "passengers", "luggage", "gold"})),
    "estimate_duty": ("duties", frozenset({"parcels", "ecommerce", "shopping", "lowvalue", "vat", "tariff", "value"})),
    "declare_cash": ("cash", frozenset({"cash"})),
}


def invitations(shelf: Shelf | None, language: str, topic: str | None = None) -> list[Block]:
    """A button for each sum that the pack has data for; with `topic` only those that go with answers of that topic."""
    if shelf is None:
        return []
    name = shelf.administration.id
    choices = [
        (say(language, text), f'/{intent}{{"administration":"{name}"}}')
        for intent, text in _INVITATIONS.items()
        if _WHERE[intent][0] in shelf.rules and (topic is None or topic in _WHERE[intent][1])
    ]
    return [buttons(choices)] if choices else []
