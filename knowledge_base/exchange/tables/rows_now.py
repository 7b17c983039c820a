"""The rows of a pack while a table is read into them: by sheet and key, in the order of the pack."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge_base.exchange.tables.layout import LAYOUTS, QUESTIONS, Layout, cells_of
from knowledge_base.model import Pack

Key = tuple[str, ...]
Cells = dict[str, str]


def key_of(layout: Layout, cells: Cells) -> Key:
    """What names the row; of a question that is its text too."""
    columns = (*layout.keys, "question") if layout is QUESTIONS else layout.keys
    return tuple(cells.get(column, "") for column in columns)


class RowsNow:
    """Every row of `pack`, to be changed in place. A row that no table touched is marked `exact`: its value is not read anew.

    The rows lie by sheet and item, so that a table of thousands of rows looks at those of its own items only.
    """

    def __init__(self, pack: Pack) -> None:
        self._rows: dict[str, dict[str, dict[Key, Cells]]] = {name: {} for name in LAYOUTS}
        for name, layout in LAYOUTS.items():
            for cells in cells_of(pack, name):
                self.put(layout, key_of(layout, cells), {**cells, "exact": "yes"})

    def get(self, layout: Layout, key: Key) -> Cells | None:
        return self._rows[layout.name].get(key[0] if key else "", {}).get(key)

    def put(self, layout: Layout, key: Key, cells: Cells) -> None:
        self._rows[layout.name].setdefault(key[0], {})[key] = cells

    def remove(self, layout: Layout, key: Key) -> None:
        del self._rows[layout.name][key[0]][key]

    def replace(self, layout: Layout, old: Key, new: Key, cells: Cells) -> None:
        """Put `cells` where the row `old` stands: a question that is worded anew keeps its place."""
        self._rows[layout.name][old[0]] = {
            (new if key == old else key): (cells if key == old else each)
            for key, each in self._rows[layout.name][old[0]].items()
        }

    def of_item(self, sheet: str, item: str) -> list[Cells]:
        """The rows of `sheet` that belong to the entry or figure `item`."""
        return list(self._rows[sheet].get(item, {}).values())


def closed_periods(values: list[Cells]) -> Iterator[tuple[Cells, str]]:
    """Periods that go on into one that was added after them, each with the last day that it has now.

    Whoever adds "from 2027-01-01" means that the value of before ends the day before.
    """
    ordered = sorted(values, key=lambda each: each.get("from", ""))
    for earlier, later in zip(ordered, ordered[1:]):
        if later.get("from") and "exact" in earlier and "exact" not in later:
            try:
                last = (date.fromisoformat(later["from"]) - timedelta(days=1)).isoformat()
            except ValueError:
                continue
            if not earlier.get("until") or earlier["until"] > last:
                yield earlier, last
