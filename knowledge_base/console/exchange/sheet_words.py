"""The sheets of a table and their columns in words; the file itself has its ids, whatever language its owner speaks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SHEETS = {
    "entries": _("Answers"),
    "questions": _("Questions"),
    "translations": _("Translations"),
    "sources": _("Sources"),
    "figures": _("Figures"),
    "values": _("Values of figures"),
    "conflicts": _("Other values that were found"),
}
COLUMNS = {
    "id": _("Id"), "entry": _("Answer"), "figure": _("Figure"), "topic": _("Topic"), "title": _("Title"), "audience": _("For whom"),
    "answer": _("Text of the answer"), "sources": _("Sources"), "effective_from": _("Holds from"), "effective_until": _("Holds until"),
    "coming_from_only": _("Only when coming from"), "coming_from_not": _("Not when coming from"), "review_by": _("Review by"),
    "related": _("Offered under it"), "most_asked": _("Most asked"), "language": _("Language"), "question": _("Question"),
    "of": _("Made from"), "original": _("Original"), "publisher": _("Publisher"), "url": _("Address"), "kind": _("Kind"),
    "as_of": _("Page dated"), "checked": _("Read on"), "note": _("Note"), "label": _("Label"), "unit": _("Unit"),
    "currency": _("Currency"), "at_limit": _("Exactly at the limit"), "source": _("Source"), "status": _("Status"), "from": _("From"),
    "until": _("Until"), "value": _("Value"), "remove": _("Take away"), "version": _("Version of the row"),
}  # fmt: skip


def sheet_words(name: str) -> str:
    """A sheet by what it holds; one of another name as it is called."""
    return str(SHEETS.get(name, name))


def column_words(name: str) -> str:
    """A column by what stands in it; one that no sheet has as it is called."""
    return str(COLUMNS.get(name, name))
