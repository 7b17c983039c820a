"""Names that lead nowhere: sources and entries that do not exist, sources that nothing rests on."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.checks.checked import Checked
from knowledge_base.packs import Fault
from knowledge_base.said import Said

_ADD = Said("Add this source to sources.yml or correct the name.")


def references(checked: Checked) -> Iterator[Fault]:
    """Sources and related entries that do not exist."""
    pack = checked.pack
    for figure in pack.figures.values():
        for source in [figure.source, *(conflict.source for conflict in figure.conflict)]:
            if source not in pack.sources:
                yield checked.in_figure(figure.id, "source", source, _ADD)
    for item, sources in _of_the_head(checked):
        for source in sources:
            if source not in pack.sources:
                yield checked.in_head(item, "sources", source, _ADD)
    for entry in pack.entries.values():
        for source in entry.sources:
            if source not in pack.sources:
                yield checked.in_entry(entry, "sources", source, _ADD)
        for related in entry.related:
            if related not in pack.entries:
                yield checked.in_entry(
                    entry, "related", related, Said("There is no such entry; correct the id or take it out.")
                )


def unused_sources(checked: Checked) -> Iterator[Fault]:
    """Sources that no entry, figure, contact or sum names."""
    pack = checked.pack
    used = {source for entry in pack.entries.values() for source in entry.sources}
    used |= {source for _, sources in _of_the_head(checked) for source in sources}
    for figure in pack.figures.values():
        used |= {figure.source, *(conflict.source for conflict in figure.conflict)}
    for file in pack.rules.values():
        used |= file.sources()
    for source in sorted(set(pack.sources) - used):
        yield checked.in_source(
            source, "", Said("unused"), Said("Nothing rests on this page; take it out or name it."), "warning"
        )


def _of_the_head(checked: Checked) -> Iterator[tuple[str, list[str]]]:
    head = checked.pack.administration
    for contact in head.contacts:
        yield contact.id, contact.sources
    if head.emergency:
        yield "emergency", head.emergency.sources
