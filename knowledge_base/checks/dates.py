"""Days: reviews that are due, pages read in the future or long ago, entries whose time is over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from knowledge_base.checks.checked import Checked
from knowledge_base.packs import Fault
from knowledge_base.said import Said

READ_AGAIN_AFTER = timedelta(days=366)


def dates(checked: Checked) -> Iterator[Fault]:
    """What the calendar says against a pack."""
    today = checked.today
    for source in checked.pack.sources.values():
        if source.checked > today:
            remedy = Said("Lies in the future; put the day on which the page was read.")
            yield checked.in_source(source.id, "checked", source.checked, remedy)
        elif today - source.checked > READ_AGAIN_AFTER:
            yield checked.in_source(
                source.id, "checked", source.checked, Said("Read long ago: read it again."), "warning"
            )
    for entry in checked.pack.entries.values():
        if entry.review_by < today:
            remedy = Said("Review is due: read the sources again.")
            yield checked.in_entry(entry, "review_by", entry.review_by, remedy, "warning")
        if entry.effective.until and entry.effective.until < today:
            remedy = Said("It answers no more: take it out once nobody asks about the time before.")
            yield checked.in_entry(entry, "effective.until", entry.effective.until, remedy, "warning")
