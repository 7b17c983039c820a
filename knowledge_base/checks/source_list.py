"""Every figure beside its source, for a person who opens the pages and ticks them off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields

from knowledge_base.answer_text import figures_in
from knowledge_base.checks.checked import Checked
from knowledge_base.checks.figures import conflicting_value, values

FORMATS = ("text", "csv")


@dataclass(frozen=True)
class Row:
    """One figure as one source gives it. `role`: `source`, or `conflict` for a page that says otherwise."""

    figure: str
    label: str
    value: str
    status: str
    role: str
    source: str
    title: str
    url: str
    kind: str
    checked: str
    as_of: str
    entries: str


def listed(checked: Checked) -> Iterator[Row]:
    """The figures of a pack in the order of their file, each with its source and then those that contradict it."""
    pack = checked.pack
    users: dict[str, list[str]] = {}
    for entry in pack.entries.values():
        for figure in sorted(figures_in(entry.answer)):
            users.setdefault(figure, []).append(entry.id)
    for figure in pack.figures.values():
        said: list[tuple[str, str, str]] = [("source", figure.source, values(figure))]
        said += [("conflict", conflict.source, conflicting_value(figure, conflict)) for conflict in figure.conflict]
        for role, source_id, value in said:
            source = pack.sources.get(source_id)
            yield Row(
                figure.id, figure.label, value, figure.status, role, source_id,
                source.title if source else "missing in sources.yml", source.url if source else "",
                source.kind if source else "", str(source.checked) if source else "", source.as_of if source else "",
                " ".join(users.get(figure.id, [])),
            )  # fmt: skip


def as_text(rows: Sequence[Row], form: str = "text") -> str:
    """`rows` to be read (`text`) or for a table program (`csv`)."""
    if form == "csv":
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([field.name for field in fields(Row)])
        writer.writerows([_plain(cell) for cell in astuple(row)] for row in rows)
        return out.getvalue().rstrip()
    return "\n".join(line for row in rows for line in _lines(row))


def _plain(cell: str) -> str:
    """A table program would compute a cell that begins like a formula."""
    return "'" + cell if cell[:1] in "=+-@" else cell


def _lines(row: Row) -> Iterator[str]:
    if row.role == "source":
        yield f"[ ] {row.figure}: {row.value}  {row.label} ({row.status})"
        if row.entries:
            yield f"      in {row.entries}"
    else:
        yield f"    but {row.value}"
    yield f"      {row.title} ({row.kind}; read {row.checked}; page of {row.as_of})"
    yield f"      {row.url}"
