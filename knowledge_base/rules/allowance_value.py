"""A pool of value: goods that share an amount of money. What is over is the whole, the excess, or the things that do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from knowledge_base.rules.allowance_data import Pool
from knowledge_base.rules.allowance_lines import Line
from knowledge_base.rules.allowance_result import Part, PoolResult, Verdict
from knowledge_base.rules.allowance_when import holds
from knowledge_base.rules.measures import ONE, ZERO, decimal

if TYPE_CHECKING:
    from knowledge_base.rules.allowance_pools import Pools


class ValuePool:
    """One pool of value of one person."""

    def __init__(self, pools: Pools, pool: Pool, lines: Sequence[Line]) -> None:
        self.pools, self.pool, self.lines = pools, pool, lines
        self.young = pools.too_young(pool, lines)

    def result(self) -> PoolResult:
        """Count the values, decide what is over, and say so."""
        pool, pools = self.pool, self.pools
        limit, floor = self._limits()
        worth = {line.id: self._worth(line) for line in self.lines}
        known = sum((value for value in worth.values() if value is not None), ZERO)
        unknown = any(value is None for value in worth.values())
        verdict = self._verdict(limit, floor, known, unknown)
        over = self._over(limit, worth, unknown) if verdict in ("over", "not_allowed") else {}
        if pool.over == "taken":
            pools.dealt.taken.update(over)
        elif pool.over != "guide":
            pools.dealt.charged[pool.id] = dict(over)
        share = None if unknown or not limit else decimal(known / limit)
        left = None if unknown or limit is None else decimal(max(ZERO, limit - known))
        figures = (pool.value,) if pool.value else ()
        part = Part(
            pool.kinds,
            decimal(limit),
            pools.book[pool.value or ""].currency or "",
            None if unknown else decimal(known),
            left,
            figures,
        )
        if floor is not None and pool.as_low_as:
            figures += (pool.as_low_as,)
        return pools.pool_result(pool, self.lines, (part,), share, verdict, over, figures)

    def _limits(self) -> tuple[Fraction | None, Fraction | None]:
        """The limit, and how low the country of arrival may set it (None: it may not)."""
        pool, pools = self.pool, self.pools
        if self.young or pools.dealt.spoilt:
            return ZERO, None
        amount = pools.book.number(pool.value or "")
        limit = None if amount is None else Fraction(amount) * pools.times(pool)
        floor = None
        if pool.as_low_as and self.lines and holds(pool.as_low_when, pools.facts, pools.book):
            lowest = pools.book.number(pool.as_low_as)
            floor = ZERO if lowest is None else Fraction(lowest)
        return limit, floor

    def _worth(self, line: Line) -> Fraction | None:
        """What of the line's value counts here: not what another pool has charged or taken."""
        part = self.pools.dealt.free_part(line.id)
        if part == 0:
            return ZERO
        value = self.pools.reader.value(line)
        return None if value is None or part is None else value if part == 1 else value * part

    def _verdict(self, limit: Fraction | None, floor: Fraction | None, known: Fraction, unknown: bool) -> Verdict:
        if limit is None:
            return "unknown" if self.lines else "within"
        if limit == 0:
            return "over" if self.lines and (known or unknown) else "within"
        verdict = self.pools.verdict(self.pool.value or "", known / limit, unknown)
        if verdict in ("within", "at_limit") and floor is not None and known > floor:
            return "unknown"
        return verdict

    def _over(
        self, limit: Fraction | None, worth: dict[str, Fraction | None], unknown: bool
    ) -> dict[str, Fraction | None]:
        """By line the fraction of it that is over here, of the part that counts here."""
        if self.pool.over in ("whole", "spoils") or limit == 0:
            return {line.id: self.pools.dealt.free_part(line.id) for line in self.lines}
        if unknown or limit is None:
            return {line.id: None for line in self.lines}
        if self.pool.over == "items":
            return self._things(limit, worth)
        total = sum((value for value in worth.values() if value), ZERO)
        excess = (total - limit) / total
        return {line.id: (self.pools.dealt.free_part(line.id) or ZERO) * excess for line in self.lines}

    def _things(self, limit: Fraction, worth: dict[str, Fraction | None]) -> dict[str, Fraction | None]:
        """The things that do not fit: the dearest possible choice fits under the limit, and no thing is split."""
        over = {line.id: ONE for line in self.lines}
        groups = []
        for line in sorted(self.lines, key=lambda line: line.id):
            each = (worth[line.id] or ZERO) / line.pieces
            left = line.pieces if each == 0 else min(line.pieces, int(limit / each))
            size = 1
            while left > 0:  # in ones, twos, fours ...: a thousand socks are ten groups
                groups.append((line, min(size, left), min(size, left) * each))
                left, size = left - size, size * 2
        for line, count, _ in _best(groups, limit):
            over[line.id] -= Fraction(count, line.pieces)
        return {line.id: over[line.id] * (self.pools.dealt.free_part(line.id) or ZERO) for line in self.lines}


Group = tuple[Line, int, Fraction]


def _best(groups: Sequence[Group], limit: Fraction) -> list[Group]:
    """The groups whose values add up to the most that does not pass `limit`: sums are bits of a number, one for each cent."""
    cents = [ceil(value * 100) for _, _, value in groups]
    mask = (1 << (int(limit * 100) + 1)) - 1
    reached = [1]
    for value in cents:
        reached.append((reached[-1] | reached[-1] << value) & mask if value <= mask.bit_length() else reached[-1])
    rest, chosen = reached[-1].bit_length() - 1, []
    for place in range(len(groups) - 1, -1, -1):
        if not reached[place] >> rest & 1:
            chosen.append(groups[place])
            rest -= cents[place]
        elif not cents[place]:
            chosen.append(groups[place])  # what is worth nothing always fits
    return chosen
