"""What importing a table would do: the dry run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from knowledge_base.exchange.tables.cells import RowFault
from knowledge_base.exchange.tables.words import Op, word_diff
from knowledge_base.model import Entry, Figure, Pack, Source
from knowledge_base.packs import Fault

ChangeKind = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class TableChange:
    """One thing that a row changes: `before` and `after` are the cell's texts, empty for what is not there."""

    sheet: str
    row: int
    kind: ChangeKind
    item: str
    column: str
    before: str
    after: str

    @property
    def words(self) -> list[tuple[Op, str]]:
        """What changed, word by word."""
        return word_diff(self.before, self.after)


@dataclass
class TablePlan:
    """Every change of a table, the rows that are wrong, and the items as they would be.

    Rows that are wrong change nothing. What the table does not name stays as it is. `entries`, `figures` and `sources` hold only what
    changes; `topics` the topic of each such entry. `notes` are sentences on what was left unread; `found` are the faults that
    `customs check` would find afterwards and does not find now.
    """

    changes: list[TableChange] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)
    rows: int = 0

    def applied_to(self, pack: Pack) -> Pack:
        """`pack` with everything that the plan changes."""
        return pack.model_copy(
            update={
                "entries": {**pack.entries, **self.entries},
                "figures": {**pack.figures, **self.figures},
                "sources": {**pack.sources, **self.sources},
                "topics": {**pack.topics, **self.topics},
            }
        )
