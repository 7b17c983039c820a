"""The dry run of a table: `planned` compares its rows with a pack and says what each would change. Nothing is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge_base.check import faults_of
from knowledge_base.checks.checked import Checked
from knowledge_base.exchange.tables.building import Objection, built_entry, built_figure, built_source
from knowledge_base.exchange.tables.cells import CLEARED, Cell, Row, RowFault, Sheet
from knowledge_base.exchange.tables.layout import (
    LAYOUTS,
    QUESTIONS,
    REMOVE,
    TRANSLATIONS,
    VERSION,
    Layout,
    layout_of,
    version_of,
)
from knowledge_base.exchange.tables.plan import TableChange, TablePlan
from knowledge_base.exchange.tables.reading import CellReader
from knowledge_base.exchange.tables.rows_now import Cells, Key, RowsNow, closed_periods, key_of
from knowledge_base.model import Pack
from knowledge_base.said import Said


def planned(
    sheets: list[Sheet], pack: Pack, today: date, language: str | None = None, faults: list[RowFault] | None = None
) -> TablePlan:
    """What importing `sheets` into `pack` would do. `faults` are those of reading the file; their rows are left out.

    An item that no row names stays, and so does what an empty cell stands for. `language` is the one in which values of figures are
    written; without it only clear ones are taken. Never raises for what stands in a table.
    """
    return _Import(pack, today, language, faults or []).run(sheets)


class _Import:
    def __init__(self, pack: Pack, today: date, language: str | None, faults: list[RowFault]) -> None:
        self.pack, self.today, self.language = pack, today, language
        self.plan = TablePlan(faults=list(faults))
        self.now = RowsNow(pack)
        self.touched: dict[tuple[str, str], tuple[str, int]] = {}  # ("entry", id) → sheet and row that changed it last

    def run(self, sheets: list[Sheet]) -> TablePlan:
        unreadable = {(fault.sheet, fault.row) for fault in self.plan.faults}
        known = []
        for sheet in sheets:
            layout = layout_of(sheet)
            if layout is None:
                self.plan.notes.append(
                    Said(
                        "Sheet {sheet}: its columns are of no sheet that is known ({known}); left out.",
                        sheet=sheet.name,
                        known=", ".join(LAYOUTS),
                    )
                )
            else:
                known.append((sheet, layout))
        order = list(LAYOUTS)
        for sheet, layout in sorted(known, key=lambda each: order.index(each[1].name)):
            self._sheet(sheet, layout, {row for name, row in unreadable if name == sheet.name})
        self._build()
        if self.plan.entries or self.plan.figures or self.plan.sources:
            folder = Path(self.pack.administration.id)
            before = set(faults_of(Checked(self.pack, folder, self.today)))
            after = faults_of(Checked(self.plan.applied_to(self.pack), folder, self.today))
            self.plan.found = [fault for fault in after if fault not in before]
        return self.plan

    def _sheet(self, sheet: Sheet, layout: Layout, left_out: set[int]) -> None:
        if unknown := [column for column in sheet.columns if column and column not in layout.all_columns]:
            self.plan.notes.append(
                Said(
                    "Sheet {sheet}: columns without a meaning here, left out: {columns}.",
                    sheet=sheet.name,
                    columns=", ".join(unknown),
                )
            )
        reader = CellReader(sheet, layout)
        seen: dict[Key, int] = {}
        for row in sheet.rows:
            self.plan.rows += 1
            if row.number not in left_out:
                self._row(reader, layout, row, seen)
        self.plan.faults += reader.faults

    def _row(self, reader: CellReader, layout: Layout, row: Row, seen: dict[Key, int]) -> None:
        named = {column: str(row.cells[column]).strip() for column in layout.keys if column in row.cells}
        cells = reader.read(row, self.now.get(layout, key_of(layout, named)) if layout is not QUESTIONS else None)
        if cells is None or not self._named(reader, layout, row, cells):
            return
        key = key_of(layout, cells)
        if key in seen:
            return reader.wrong(
                row,
                layout.keys[0],
                " ".join(key),
                Said("Stands in row {other} too; keep one of them.", other=seen[key]),
            )
        seen[key] = row.number
        if layout is QUESTIONS:
            return self._question(reader, row, cells)
        current = self.now.get(layout, key)
        if current is None:
            return self._added(reader, layout, row, key, cells)
        changes = {
            column: ("" if cells[column] == CLEARED else cells[column]) for column in layout.columns if column in cells
        }
        changes = {column: text for column, text in changes.items() if text.strip() != current.get(column, "").strip()}
        if "answer" in changes and current.get("answer", "").endswith("\n"):  # table programs drop the last line break
            changes["answer"] = changes["answer"].rstrip() + "\n"
        if not changes and cells.get(REMOVE) != "yes":
            return
        if cells.get(VERSION, version_of(layout, current)) != version_of(layout, current):
            return reader.wrong(
                row,
                VERSION,
                cells[VERSION],
                Said("Changed by somebody else since this table was exported; export it again."),
            )
        if cells.get(REMOVE) == "yes":
            self.now.remove(layout, key)
            return self._told(row, layout, "removed", key, layout.columns[-1], current.get(layout.columns[-1], ""), "")
        if lost := [column for column in layout.required if changes.get(column) == ""]:
            return reader.wrong(row, lost[0], CLEARED, Said("Must not be empty."))
        if layout is TRANSLATIONS:
            changes |= self._made_from(row.cells.get("original"), key[0], current, changes)
        after = {column: text for column, text in {**current, **changes}.items() if text != "" and column != "exact"}
        self.now.put(layout, key, after)
        for column, text in changes.items():
            self._told(row, layout, "changed", key, column, current.get(column, ""), text)

    def _named(self, reader: CellReader, layout: Layout, row: Row, cells: Cells) -> bool:
        """Does the row name its item, and does that belong to this administration?"""
        for column in layout.keys:
            if not cells.get(column) and column != "from":
                reader.wrong(row, column, "", Said("Must not be empty: it says what the row is about."))
                return False
        item = cells[layout.keys[0]]
        administration = self.pack.administration.id
        if layout.name != "sources" and not item.startswith(administration + "."):
            reader.wrong(
                row,
                layout.keys[0],
                item,
                Said(
                    "Ids of this administration begin with {administration!r} and a dot.", administration=administration
                ),
            )
            return False
        parent = {"entry": "entries", "figure": "figures"}.get(layout.keys[0])
        if parent and self.now.get(LAYOUTS[parent], (item,)) is None:
            reader.wrong(
                row,
                layout.keys[0],
                item,
                Said(
                    "There is no such {what}; add it to the sheet {parent}, or correct the id.",
                    what=layout.keys[0],
                    parent=parent,
                ),
            )
            return False
        return True

    def _question(self, reader: CellReader, row: Row, cells: Cells) -> None:
        """A row of the question bank: its version names the question that it was exported from, so that a new wording takes its place."""
        if not cells.get("question"):
            return reader.wrong(row, "question", "", Said("Must not be empty."))
        key, version = key_of(QUESTIONS, cells), cells.get(VERSION)
        there = self.now.get(QUESTIONS, key)
        if there is not None and cells.get(REMOVE) != "yes":
            return
        was = self._by_version(cells, version) if version else None
        if version and was is None and there is None and cells["entry"] in self.pack.entries:
            return reader.wrong(
                row,
                VERSION,
                version,
                Said(
                    "This question was changed or removed since the export; clear the version to add it as a new one."
                ),
            )
        if cells.get(REMOVE) == "yes":
            if gone := was or (key if there else None):
                self.now.remove(QUESTIONS, gone)
                self._told(row, QUESTIONS, "removed", gone, "question", gone[2], "")
            return
        if was and was[2].strip() == key[2].strip():
            return
        new = {column: cells[column] for column in ("entry", "language", "question")}
        if was:
            self.now.replace(QUESTIONS, was, key, new)
            self._told(row, QUESTIONS, "changed", key, "question", was[2], key[2])
        else:
            self.now.put(QUESTIONS, key, new)
            self._told(row, QUESTIONS, "added", key, "question", "", key[2])

    def _by_version(self, cells: Cells, version: str) -> Key | None:
        for each in self.now.of_item("questions", cells["entry"]):
            if each["language"] == cells["language"] and version_of(QUESTIONS, each) == version:
                return key_of(QUESTIONS, each)
        return None

    def _added(self, reader: CellReader, layout: Layout, row: Row, key: Key, cells: Cells) -> None:
        if cells.get(REMOVE) == "yes":
            return
        if missing := [column for column in layout.required if cells.get(column, CLEARED) == CLEARED]:
            return reader.wrong(row, missing[0], "", Said("A new row needs {columns}.", columns=", ".join(missing)))
        new = {
            column: cells[column] for column in (*layout.keys, *layout.columns) if cells.get(column, CLEARED) != CLEARED
        }
        if cells.get(VERSION) == version_of(
            layout, new
        ):  # as it was exported, so its value is in the form of an export
            new["exact"] = "yes"
        self.now.put(layout, key, new)
        for column in layout.columns:
            if column in new:
                self._told(row, layout, "added", key, column, "", new[column])
        if not any(column in new for column in layout.columns):
            self._told(row, layout, "added", key, layout.keys[-1], "", key[-1])

    def _made_from(self, original: Cell | None, entry_id: str, current: Cells, changes: Cells) -> Cells:
        """The mark of a translation whose words changed beside the original of today: it is made from that one."""
        entry = self.pack.entries.get(entry_id)
        beside = isinstance(original, str) and entry is not None and original.strip() == entry.answer.strip()
        if not beside or "of" in changes or entry is None or entry.fingerprint == current.get("of"):
            return {}
        return {"of": entry.fingerprint}

    def _told(self, row: Row, layout: Layout, kind: str, key: Key, column: str, before: str, after: str) -> None:
        detail = " ".join(key[1:2]) if layout.name in ("questions", "translations") else " ".join(key[1:])
        item = f"{key[0]} {detail}".strip()
        self.plan.changes.append(TableChange(layout.name, row.number, kind, item, column, before, after))  # type: ignore[arg-type]
        group = {"sources": "source", "figures": "figure", "values": "figure", "conflicts": "figure"}.get(
            layout.name, "entry"
        )
        self.touched[group, key[0]] = (layout.name, row.number)

    def _build(self) -> None:
        """The items that changed, by the pack's model; what it refuses is taken back with all its changes."""
        for (group, item), place in self.touched.items():
            try:
                {"source": self._source, "figure": self._figure, "entry": self._entry}[group](item)
            except Objection as objection:
                self._refuse(group, item, place, objection)

    def _source(self, item: str) -> None:
        self.plan.sources[item] = built_source(_bare(self.now.of_item("sources", item)[0]), self.pack.sources.get(item))

    def _entry(self, item: str) -> None:
        cells = self.now.of_item("entries", item)[0]
        parts = [self.now.of_item(name, item) for name in ("questions", "translations")]
        self.plan.entries[item] = built_entry(cells, *parts, self.pack.entries.get(item))
        self.plan.topics[item] = cells["topic"]

    def _figure(self, item: str) -> None:
        values = self.now.of_item("values", item)
        for earlier, last in closed_periods(values):
            place = self.touched["figure", item]
            self.plan.changes.append(
                TableChange(
                    "values",
                    place[1],
                    "changed",
                    f"{item} {earlier.get('from', '')}".strip(),
                    "until",
                    earlier.get("until", ""),
                    last,
                )
            )
            earlier["until"] = last
        cells = _bare(self.now.of_item("figures", item)[0])
        conflicts = self.now.of_item("conflicts", item)
        self.plan.figures[item] = built_figure(cells, values, conflicts, self.pack.figures.get(item), self.language)

    def _refuse(self, group: str, item: str, place: tuple[str, int], objection: Objection) -> None:
        mine = [
            change
            for change in self.plan.changes
            if change.item.split(" ")[0] == item and _group(change.sheet) == group
        ]
        for sheet, column, value, remedy in objection.reasons:
            row = next((change.row for change in mine if (change.sheet, change.column) == (sheet, column)), None)
            row = row or next((change.row for change in mine if change.sheet == sheet), None)
            where = (sheet, row) if row else place
            self.plan.faults.append(
                RowFault(where[0], where[1], column, value, Said("{item}: {remedy}", item=item, remedy=remedy))
            )
        self.plan.changes = [change for change in self.plan.changes if change not in mine]


def _group(sheet: str) -> str:
    return {"sources": "source", "figures": "figure", "values": "figure", "conflicts": "figure"}.get(sheet, "entry")


def _bare(cells: Cells) -> Cells:
    return {column: text for column, text in cells.items() if column != "exact"}
