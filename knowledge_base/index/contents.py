"""What a release holds of each pack, worked out once: a publisher hands over most packs as they were the time before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from knowledge_base.answer_text import figures_in
from knowledge_base.index.canonical import canonical
from knowledge_base.index.shelf_texts import Texts
from knowledge_base.model import Entry, Pack


@dataclass(frozen=True)
class Content:
    """A pack in its canonical form, with what is made of it alone.

    `for_gate`: how many of its questions the scope gate takes → the texts that it learns from these. `known`: of entries, by their id,
    what the pack before this one had and the line that it became.
    """

    pack: Pack
    known: dict[str, tuple[Entry, bytes]] = field(default_factory=dict, repr=False)
    for_gate: dict[int, list[str]] = field(default_factory=dict, repr=False)
    _texts: dict[date, Texts] = field(default_factory=dict, repr=False)

    @cached_property
    def entries(self) -> list[Entry]:
        """Those that can be published."""
        return publishable(self.pack)

    @cached_property
    def told(self) -> bytes:
        """What lies in the release: JSON of administration, sources, figures, topics and rules."""
        return _told(_plain_pack(self.pack))

    @cached_property
    def told_entries(self) -> bytes:
        """What lies beside it: the entries, a line of JSON each."""
        return b"".join(line for _, line in self.lines.values())

    @cached_property
    def lines(self) -> dict[str, tuple[Entry, bytes]]:
        """The entries that can be published, by their id, and the line of each."""
        lines = {}
        for entry in self.entries:
            before = self.known.get(entry.id)
            lines[entry.id] = before if before and before[0] is entry else (entry, _told(_plain(entry)) + b"\n")
        return lines

    def texts(self, day: date) -> Texts:
        """What the search learns from, with the figures of `day`."""
        if day not in self._texts:
            self._texts.clear()
            self._texts[day] = Texts.of(self.pack, self.entries, day)
        return self._texts[day]


class Contents:
    """The content of packs; of the last pack of each administration it is remembered."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Pack, Content]] = {}

    def of(self, packs: Iterable[Pack]) -> list[Content]:
        """The content of each of `packs`, in their order."""
        return [self._of(pack) for pack in packs]

    def _of(self, pack: Pack) -> Content:
        name = pack.administration.id
        if name not in self._known:
            self._known[name] = (pack, Content(canonical(pack)))
        before, content = self._known[name]
        if before is not pack:  # neither packs nor entries ever change
            ordered = {entry: (before.entries[entry], content.pack.entries[entry]) for entry in before.entries}
            content = Content(canonical(pack, ordered), known=content.lines)
            self._known[name] = (pack, content)
        return content


def publishable(pack: Pack) -> list[Entry]:
    """The entries that rest on no unverified figure. Unknown values are fine: the answer says so."""
    unverified = {figure.id for figure in pack.figures.values() if figure.status == "unverified"}
    return [entry for entry in pack.entries.values() if not figures_in(entry.answer) & unverified]


def _plain_pack(pack: Pack) -> dict[str, Any]:
    return {
        "administration": _plain(pack.administration),
        "sources": [_plain(source) for source in pack.sources.values()],
        "figures": [_plain(figure) for figure in pack.figures.values()],
        "topics": pack.topics,
        "rules": {name: _plain(rules) for name, rules in pack.rules.items()},
    }


def _told(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _plain(item: BaseModel) -> Any:
    return item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
