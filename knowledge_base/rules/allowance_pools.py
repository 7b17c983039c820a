"""How full the pools of one person are, and which part of each line is over.

Counted in fractions, so that three thirds are exactly one. A line may count in several pools; what one pool charges or takes away is
not counted by a later one: it has been dealt with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from knowledge_base.goods.tree import tree
from knowledge_base.rules.allowance_data import Limit, Pool
from knowledge_base.rules.allowance_lines import Line, Reader
from knowledge_base.rules.allowance_result import Part, PoolResult, Verdict
from knowledge_base.rules.allowance_shares import ELSE, UNSURE, Used, left_of, share_inside, share_of
from knowledge_base.rules.allowance_value import ValuePool
from knowledge_base.rules.allowance_when import UNITS, holds
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.measures import ONE, ZERO, decimal, factor, in_unit


@dataclass
class Dealt:
    """What the pools of one person have decided: by pool and line the fraction that is charged; by line the fraction taken away.

    None is a fraction that is not known.
    """

    charged: dict[str, dict[str, Fraction | None]] = field(default_factory=dict)
    taken: dict[str, Fraction | None] = field(default_factory=dict)
    spoilt: bool = False

    def free_part(self, line: str) -> Fraction | None:
        """The fraction of a line that no pool has charged or taken yet."""
        left = ONE
        for part in (*(lines[line] for lines in self.charged.values() if line in lines), self.taken.get(line, ZERO)):
            if part is None:
                return None
            left -= part
        return max(left, ZERO)


class Pools:
    """Fills pools in their order. `people` and `adults` are how many declare together where a pool is joint."""

    def __init__(self, book: FigureBook, facts: Mapping[str, Any], reader: Reader, carrier: str | None) -> None:
        self.book, self.facts, self.reader, self.carrier = book, facts, reader, carrier
        self.dealt = Dealt()

    def fill(self, pools: Sequence[Pool], lines: Sequence[Line]) -> list[PoolResult]:
        """The results, in the order of `pools`, of those whose condition holds; of two with one id the first that holds."""
        results: list[PoolResult] = []
        done: set[str] = set()
        for pool in pools:
            if pool.id in done or not holds(pool.when, self.facts, self.book):
                continue
            done.add(pool.id)
            mine = [line for line in lines if line.kind in pool.all_kinds and self._bought_there(pool, line)]
            results.append(self._value(pool, mine) if pool.value else self._amount(pool, mine))
        return results

    def _bought_there(self, pool: Pool, line: Line) -> bool:
        return pool.bought is None or pool.bought.holds("bought_in", line.bought_in, self.book)

    def too_young(self, pool: Pool, lines: Sequence[Line]) -> bool:
        """Is the person below the age of the pool? Asked only when there is something in it."""
        if not (pool.min_age and lines):
            return False
        line, age = in_unit(self.book, pool.min_age, UNITS["age"]), self.facts["age"]
        return line is not None and age is not None and Decimal(age) < line

    def times(self, pool: Pool) -> int:
        """By how many people the limit is multiplied."""
        if not pool.joint:
            return 1
        adults, minors = people(self.facts)
        return adults + minors if pool.joint == "people" else adults

    def _value(self, pool: Pool, lines: Sequence[Line]) -> PoolResult:
        return ValuePool(self, pool, lines).result()

    def _amount(self, pool: Pool, lines: Sequence[Line]) -> PoolResult:
        young = self.too_young(pool, lines)
        limits = [ZERO if young else self._limit(pool, limit) for limit in pool.limits]
        used: Used = {}
        verdict: Verdict
        if pool.free:
            share, unknown, over, verdict = None, False, {}, "within"
        elif pool.none:
            share, unknown, over = None, False, {line.id: self.dealt.free_part(line.id) for line in lines}
            verdict = "over" if lines else "within"
        else:
            used = self._used(pool, lines)
            share, unknown = share_of(used, limits)
            over, verdict = self._over(pool, used, limits, share, unknown)
        if young and verdict == "over" and pool.under_age == "not_allowed":
            verdict = "not_allowed"
        self._deal(pool, lines, over, verdict, young)
        return self._result(pool, lines, limits, used, share, unknown, verdict, over)

    def _limit(self, pool: Pool, limit: Limit) -> Fraction | None:
        unit = unit_of(limit)
        product, people = ONE, self.times(pool)
        for figure in limit.figure:
            wanted = unit if factor(self.book[figure].unit or "", unit) else "each"
            number = in_unit(self.book, figure, wanted)
            if number is None:
                return None
            product = Fraction(number) if product is ONE else product * Fraction(number)
        return product if people == 1 else product * people

    def _used(self, pool: Pool, lines: Sequence[Line]) -> Used:
        """The quantities by the limit they count against."""
        if pool.combine == "one_only":
            return self._one_only(pool, lines)
        used: Used = {}
        for line in lines:
            used.setdefault(self._limit_of(pool, line), []).append((line, self._counted(line)))
        return used

    def _counted(self, line: Line) -> Fraction | None:
        """The quantity that no earlier pool has charged or taken."""
        quantity, part = self.reader.quantity(line), self.dealt.free_part(line.id)
        return quantity if part == 1 else None if quantity is None or part is None else quantity * part

    def _limit_of(self, pool: Pool, line: Line) -> int:
        for place, limit in enumerate(pool.limits):
            if line.kind not in limit.covered:
                continue
            if limit.stronger_than:
                border, strength = in_unit(self.book, limit.stronger_than, "percent"), self.reader.strength(line)
                if border is None or strength is None:
                    return UNSURE
                if strength <= border:
                    continue
            return place
        return UNSURE

    def _one_only(self, pool: Pool, lines: Sequence[Line]) -> Used:
        """Everything against the one limit that leaves least over; what that limit does not cover is over as a whole."""
        amounts = [(line, self._counted(line)) for line in lines]
        best: tuple[Fraction, int] | None = None
        for place, limit in enumerate(pool.limits):
            most = self._limit(pool, limit)
            inside = sum((amount or ZERO for line, amount in amounts if line.kind in limit.covered), ZERO)
            outside = [(line, amount or ZERO) for line, amount in amounts if line.kind not in limit.covered]
            # Kinds of different units cannot be added; by shares of their own limits they can.
            left = sum((amount / self._own(pool, line) for line, amount in outside), ZERO)
            left += max(ZERO, inside / most - 1) if most else ZERO
            if (inside or not amounts) and (best is None or left < best[0]):
                best = (left, place)
        chosen = best[1] if best else 0
        covered = pool.limits[chosen].covered
        used: Used = {}
        for line, amount in amounts:
            used.setdefault(chosen if line.kind in covered else ELSE, []).append((line, amount))
        return used

    def _own(self, pool: Pool, line: Line) -> Fraction:
        return next(
            (limit for each in pool.limits if line.kind in each.covered and (limit := self._limit(pool, each))), ONE
        )

    def _over(
        self, pool: Pool, used: Used, limits: Sequence[Fraction | None],
        share: Fraction | None, unknown: bool,
    ) -> tuple[dict[str, Fraction | None], Verdict]:  # fmt: skip
        """By line the fraction that is over, and the verdict."""
        verdict = self.verdict(pool.limits[0].figure[0], share, unknown)
        if verdict in ("within", "at_limit", "unknown"):
            return {}, verdict
        over: dict[str, Fraction | None] = {}
        for place, amounts in used.items():
            for line, _ in amounts:
                if pool.over in ("whole", "spoils") or place == ELSE or (place >= 0 and limits[place] == 0):
                    over[line.id] = ONE
                elif unknown:
                    over[line.id] = None
                else:
                    inside = share_inside(used, limits) if share is None else share
                    over[line.id] = max(ZERO, (inside - 1) / inside) if inside else ZERO
        return {name: self._of_free(name, part) for name, part in over.items()}, verdict

    def _of_free(self, name: str, part: Fraction | None) -> Fraction | None:
        free = self.dealt.free_part(name)
        return None if part is None or free is None else part * free

    def verdict(self, figure: str, share: Fraction | None, unknown: bool) -> Verdict:
        """The verdict of a share (None: more than any). What is over already stays over whatever the unknown rest is."""
        if share is None or share > 1 or (share == 1 and self.book[figure].at_limit == "over"):
            return "over"
        if unknown:
            return "unknown"
        return "at_limit" if share == 1 else "within"

    def _deal(
        self, pool: Pool, lines: Sequence[Line], over: Mapping[str, Fraction | None], verdict: Verdict, young: bool
    ) -> None:
        if verdict == "not_allowed" or (pool.over == "taken" and not young):
            self.dealt.taken.update(over)
        elif pool.over == "spoils":
            self.dealt.spoilt = self.dealt.spoilt or verdict == "over"
        elif pool.over != "guide" or young:
            self.dealt.charged[pool.id] = dict(over)

    def _result(
        self, pool: Pool, lines: Sequence[Line], limits: Sequence[Fraction | None],
        used: Used, share: Fraction | None, unknown: bool, verdict: Verdict,
        over: Mapping[str, Fraction | None],
    ) -> PoolResult:  # fmt: skip
        parts = []
        for place, limit in enumerate(pool.limits):
            most, amounts = limits[place], [amount for _, amount in used.get(place, ())]
            total = (
                None if any(amount is None for amount in amounts) else sum((a for a in amounts if a is not None), ZERO)
            )
            left = left_of(pool, place, lines, used, most, share, unknown)
            parts.append(
                Part(
                    limit.kinds,
                    decimal(most),
                    unit_of(limit),
                    decimal(total),
                    decimal(left),
                    limit.figure,
                )
            )
        figures = tuple(dict.fromkeys(name for limit in pool.limits for name in limit.figure))
        return self.pool_result(pool, lines, tuple(parts), None if unknown else decimal(share), verdict, over, figures)

    def pool_result(
        self, pool: Pool, lines: Sequence[Line], parts: tuple[Part, ...], share: Decimal | None, verdict: Verdict,
        over: Mapping[str, Fraction | None], figures: tuple[str, ...],
    ) -> PoolResult:  # fmt: skip
        """The result of a pool, of whatever sort."""
        figures += (pool.min_age,) if pool.min_age else ()
        graver = verdict in ("over", "not_allowed")
        taken = tuple(line.id for line in lines if self.dealt.taken.get(line.id, ZERO) != 0 and line.id in over)
        charged = tuple(name for name, part in self.dealt.charged.get(pool.id, {}).items() if part != 0)
        return PoolResult(
            pool.id, verdict, share, parts, tuple(line.id for line in lines), charged, taken,
            ("taken" if verdict == "not_allowed" else pool.over) if graver else None, self.carrier, pool.entry,
            figures, tuple(dict.fromkeys(self.book.source_of(name) for name in figures)),
        )  # fmt: skip


def people(facts: Mapping[str, Any]) -> tuple[int, int]:
    """How many adults and minors travel together; the traveller alone unless somebody said more."""
    return max(1, facts["adults"] or 1), max(0, facts["minors"] or 0)


def unit_of(limit: Limit) -> str:
    """The unit in which the kinds of a limit are counted."""
    return tree()[limit.kinds[0]].unit
