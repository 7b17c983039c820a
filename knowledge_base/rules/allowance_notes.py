"""What is told beside the numbers: what may not come in, what is counted elsewhere, where to declare, what happens otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from knowledge_base.goods.tree import tree
from knowledge_base.rules.allowance_data import Allowance, AllowanceRules, Note, OtherReading
from knowledge_base.rules.allowance_lines import Line, Reader
from knowledge_base.rules.allowance_result import PoolResult
from knowledge_base.rules.allowance_when import belongs, holds
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import ZERO, in_unit
from knowledge_base.rules.results import Finding


class Notes:
    """The notes of one count."""

    def __init__(
        self, rules: AllowanceRules, allowance: Allowance, facts: Mapping[str, Any], book: FigureBook, reader: Reader
    ) -> None:
        self.allowance, self.facts, self.book, self.reader = allowance, facts, book, reader
        self.notes = (*allowance.notes, *rules.notes)
        self.before_findings: list[Finding] = []

    def before(self, lines: Sequence[Line]) -> list[Line]:
        """Tell what concerns goods that are there; the lines that pools are to count."""
        counted = list(lines)
        for note in self.notes:
            if note.at != "present":
                continue
            goods = [line for line in counted if line.kind in note.covered and self._made_there(note, line)]
            if not goods or not holds(note.when, self.facts, self.book) or not self._enough(note, goods):
                continue
            self.before_findings.append(self._finding(note, goods))
            if not note.counts:
                counted = [line for line in counted if line not in goods]
        return counted

    @staticmethod
    def _made_there(note: Note, line: Line) -> bool:
        return not note.made_in or (line.made_in is not None and belongs(line.made_in, note.made_in))

    def _enough(self, note: Note, lines: Sequence[Line]) -> bool:
        if not note.more_than:
            return True
        most = in_unit(self.book, note.more_than, lines[0].unit)
        return most is not None and sum((line.quantity or ZERO for line in lines), ZERO) > Fraction(most)

    def _finding(self, note: Note, lines: Sequence[Line] = ()) -> Finding:
        figures = (note.more_than,) if note.more_than else ()
        sources = tuple(self.book.source_of(name) for name in figures)
        return Finding(note.code, {"entry": note.entry}, tuple(line.id for line in lines), figures, sources)

    def uncovered(self, lines: Sequence[Line]) -> list[Finding]:
        """Lines that no pool of the allowance counts: never dropped, but said."""
        there = frozenset().union(*(pool.all_kinds for pool in self.allowance.pools))
        found = []
        for line in lines:
            if line.kind not in there:
                inner = any(kind.parent == line.kind for kind in tree().values())
                found.append(
                    Finding("not_a_known_kind" if inner else "no_rule_for_kind", {"kind": line.kind}, (line.id,))
                )
        return found

    def after(self, lines: Sequence[Line], pools: Sequence[PoolResult]) -> list[Finding]:
        """Tell what depends on the verdicts."""
        return [self._finding(note, lines_of(note, lines, pools)) for note in self.notes if self._now(note, pools)]

    def _now(self, note: Note, pools: Sequence[PoolResult]) -> bool:
        if note.at == "present":
            return False
        mine = [pool for pool in pools if not note.pools or pool.id in note.pools]
        if note.at in ("over", "guide") and not any(_over(pool, note.at) for pool in mine):
            return False
        if note.at == "within" and any(_over(pool, "over") or pool.verdict == "unknown" for pool in mine):
            return False
        return holds(note.when, self.facts, self.book)

    def other_reading(
        self, reading: OtherReading, pools: Sequence[PoolResult], others: Sequence[PoolResult]
    ) -> list[Finding]:
        """Another official text comes to a graver verdict."""
        if any(_over(pool, "over") for pool in pools):
            return []
        over = [pool for pool in others if _over(pool, "over")]
        goods = tuple(dict.fromkeys(good for pool in over for good in pool.goods))
        return (
            [Finding(reading.code, {"entry": reading.entry}, goods, over[0].figures, over[0].sources)] if over else []
        )


def lines_of(note: Note, lines: Sequence[Line], pools: Sequence[PoolResult]) -> list[Line]:
    """The lines that a note after the count is about: those of the pools that are over, or none."""
    if note.at not in ("over", "guide"):
        return []
    mine = [pool for pool in pools if _over(pool, note.at) and (not note.pools or pool.id in note.pools)]
    goods = {good for pool in mine for good in pool.goods}
    return [line for line in lines if line.id in goods]


def _over(pool: PoolResult, moment: str) -> bool:
    """Is the pool over, by a limit (`over`) or by a level at which officers only ask (`guide`)?"""
    return pool.verdict in ("over", "not_allowed") and (pool.consequence == "guide") == (moment == "guide")
