"""What `check_allowance` says. Codes and numbers only; `actions/` words them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Finding, Sum

# unknown: something that is not known decides. over: more than is free. not_allowed: none of it may come in at all.
Verdict = Literal["within", "at_limit", "unknown", "over", "not_allowed"]
# What becomes of a pool that is over: duty and tax on all of it, on the excess, on the single things that do not fit under the limit;
# the excess taken away; the exemption lost; or nothing is due and officers ask ("guide").
Consequence = Literal["whole", "excess", "items", "taken", "spoils", "guide"]
_BY_WEIGHT: tuple[Verdict, ...] = ("within", "at_limit", "unknown", "over", "not_allowed")


def gravest(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict that matters most; unknown when there is none."""
    return max(verdicts, key=_BY_WEIGHT.index, default="unknown")


@dataclass(frozen=True)
class Part:
    """One of the amounts that fill a pool alone: 200 cigarettes, or 50 cigars.

    `limit`, `used` and `left` are in `unit` ("L", "g", "each", or a currency for a pool of value); None is unknown, and 0 as a limit
    means that nothing is free. `left` is what of these kinds still fits beside all that is there. `figures` are the ids that
    the limit comes from, none where the rule is "nothing".
    """

    kinds: tuple[str, ...]
    limit: Decimal | None
    unit: str
    used: Decimal | None
    left: Decimal | None
    figures: tuple[str, ...] = ()


@dataclass(frozen=True)
class PoolResult:
    """How full one pool of one person is.

    `share` is 1 when it is exactly full; None when it is not known, or when nothing is free and so there is nothing to fill.
    `at_limit` is the verdict of exactly full where that is still free. `carrier` is None for the traveller, else
    Good.carried_by. `goods` are the lines that count here, `charged` those on which something is due, `taken` those of which something
    is taken away. `entry` is the entry that explains the pool. `consequence` is set when the verdict is over or not_allowed.
    """

    id: str
    verdict: Verdict
    share: Decimal | None
    parts: tuple[Part, ...]
    goods: tuple[str, ...] = ()
    charged: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    consequence: Consequence | None = None
    carrier: str | None = None
    entry: str | None = None
    figures: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class AllowanceResult:
    """What a traveller's goods come to.

    `allowance` is the id of the set of rules that was applied ("great_britain"). `needs` lists the facts that are not known and
    would change the result, in the order to ask them: names of `Traveller`, and "g2.strength", "g2.quantity", "g2.value", "g2.kind" for
    the line g2. With needs, all that is said holds whatever the answers are: a verdict that depends on them is "unknown". `assumed`
    are facts that nobody said and that do not change the result, or are never asked, with the value they were taken at.
    """

    allowance: str
    currency: str
    pools: tuple[PoolResult, ...]
    findings: tuple[Finding, ...] = ()
    sums: tuple[Sum, ...] = ()
    needs: tuple[str, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()

    def pool(self, name: str, carrier: str | None = None) -> PoolResult:
        """The pool `name`. Raises KeyError when no goods and no rule made such a pool."""
        for pool in self.pools:
            if (pool.id, pool.carrier) == (name, carrier):
                return pool
        raise KeyError(
            f"no pool {name!r} of {carrier or 'the traveller'}; there: {', '.join(pool.id for pool in self.pools)}"
        )

    def found(self, code: str) -> tuple[Finding, ...]:
        """The findings with this code."""
        return tuple(finding for finding in self.findings if finding.code == code)

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict of all pools, goods that may not come in included."""
        counted = any(pool.goods for pool in self.pools)
        named = any(finding.goods for finding in self.findings)
        # Goods that other rules count are not within anything; an empty basket is.
        verdicts = [pool.verdict for pool in self.pools] if counted or not named else []
        if any(finding.code == "prohibited" for finding in self.findings):
            verdicts.append("not_allowed")
        if any(finding.code in UNSETTLED for finding in self.findings):
            verdicts.append("unknown")
        return gravest(verdicts)

    @property
    def total(self) -> Money | None:
        """What is to be paid: nothing is Money(0), and None means that it is not known."""
        if (
            self.needs
            or any(pool.verdict == "unknown" for pool in self.pools)
            or any(f.code in UNSETTLED for f in self.findings)
        ):
            return None
        totals = [each.total for each in self.sums]
        if any(total is None for total in totals):
            return None
        return Money(amount=sum((total.amount for total in totals if total), Decimal(0)), currency=self.currency)


# Findings that say that a line could not be counted: no total and no clean verdict then.
UNSETTLED = frozenset({"not_a_known_kind", "no_rule_for_kind", "depends_on_country"})
