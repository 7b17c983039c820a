"""May a traveller bring these goods in free, and what is due if not? Pure rules over figures; docs/calculators.md tells curators how they are written."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from knowledge_base.rules.allowance_charges import Charger
from knowledge_base.rules.allowance_data import Allowance, AllowanceRules
from knowledge_base.rules.allowance_excise import ExciseTable
from knowledge_base.rules.allowance_lines import CHILD, Line, Reader
from knowledge_base.rules.allowance_notes import Notes
from knowledge_base.rules.allowance_pools import Pools
from knowledge_base.rules.allowance_result import AllowanceResult, PoolResult
from knowledge_base.rules.allowance_values import possible_values
from knowledge_base.rules.allowance_when import holds
from knowledge_base.rules.basket import Basket
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.needs import Facts, try_facts
from knowledge_base.rules.results import Finding, Row, Sum

# The order in which a person expects to be asked; facts of goods come after these, line by line.
ORDER = (
    "arriving_in", "arriving_from", "by", "age", "resident", "away_hours", "staying_hours", "days_since_last", "in_transit", "crew",
    "adults", "minors",
)  # fmt: skip
OF_GOODS = ("kind", "quantity", "strength", "value")


def check_allowance(
    rules: AllowanceRules,
    book: FigureBook,
    basket: Basket,
    exchange: Exchange | None = None,
    excise: ExciseTable | None = None,
) -> AllowanceResult:
    """Count the basket against the allowances of one administration.

    `book` holds its figures on the day of arrival. `exchange` turns prices into the administration's currency; a price that it cannot
    turn is not known. `excise` is the table of duties.yml (`shelf.rules["duties"].excise`); without it no excise is known. The basket may lack anything: the result says what it needs, and what is certain without it.

        rules, figures = shelf.rules["allowances"], shelf.figures
        result = check_allowance(rules, FigureBook(figures, day), basket)
        result.pool("spirits").share, result.verdict, result.total, result.needs
    """
    known = basket.traveller.model_dump()

    def reckon(facts: Mapping[str, Any]) -> AllowanceResult:
        return _Reckoning(rules, book, basket, exchange, excise or {}, facts).result()

    def values(name: str) -> Sequence[Any]:
        return possible_values(rules, book, name)

    def usual(name: str) -> Sequence[Any]:
        return () if "." in name else values(name)[:1]

    facts = Facts(known, usual)
    result = reckon(facts)
    unsaid = {name: value for name, value in facts.reads.items() if "." not in name and value is not None}
    open_facts = [name for name in facts.reads if len(values(name)) > 1]
    unclear = [f"{good}.kind" for finding in result.findings if finding.code in _NO_KIND for good in finding.goods]
    if not open_facts:
        return _finished(result, unclear, unsaid, basket)
    tried = try_facts(known, values, reckon, _essence)
    result = _certain(result, tried.results, bool(tried.needs))
    return _finished(result, [*unclear, *tried.needs], unsaid, basket)


_NO_KIND = {"not_a_known_kind", "no_rule_for_kind"}


def _finished(
    result: AllowanceResult, needs: Sequence[str], unsaid: Mapping[str, Any], basket: Basket
) -> AllowanceResult:
    goods = [good.id for good in basket.goods]

    def place(name: str) -> tuple[int, int]:
        good, _, fact = name.rpartition(".")
        return (len(ORDER) + goods.index(good), OF_GOODS.index(fact)) if good else (ORDER.index(name), 0)

    assumed = tuple((name, str(value)) for name, value in unsaid.items() if name not in needs)
    return replace(result, needs=tuple(sorted(set(needs), key=place)), assumed=assumed)


def _essence(result: AllowanceResult) -> Hashable:
    """What makes a difference to a person: verdicts, what is charged or taken, what is told, what is to be paid."""
    pools = tuple(
        (pool.id, pool.carrier, pool.verdict, pool.charged, pool.taken) for pool in result.pools if pool.goods
    )
    rows = tuple((row.kind, row.code, row.why, row.amount) for each in result.sums for row in each.rows)
    return pools, rows, tuple((finding.code, finding.goods, finding.values.get("entry")) for finding in result.findings)


def _certain(usual: AllowanceResult, possible: Sequence[AllowanceResult], needs: bool) -> AllowanceResult:
    """The usual result, less what is otherwise in another possible one."""

    def verdict(pool: PoolResult) -> PoolResult:
        same = [
            other for each in possible for other in each.pools if (other.id, other.carrier) == (pool.id, pool.carrier)
        ]
        verdicts = {other.verdict for other in same}
        if len(same) < len(possible) or len(verdicts) > 1:
            return replace(pool, verdict="unknown", consequence=None, charged=(), taken=())
        return replace(pool, verdict=verdicts.pop())

    def told(finding: Finding) -> list[Finding]:
        same = [[f for f in each.findings if (f.code, f.values) == (finding.code, finding.values)] for each in possible]
        if not all(same):
            return []
        goods = tuple(good for good in finding.goods if all(any(good in f.goods for f in found) for found in same))
        return [replace(finding, goods=goods)] if goods or not finding.goods else []

    pools = tuple(verdict(pool) for pool in usual.pools)
    findings = tuple(certain for finding in usual.findings for certain in told(finding))
    sums = usual.sums if not needs or all(each.sums == usual.sums for each in possible) else ()
    return replace(usual, pools=pools, findings=findings, sums=sums)


class _Reckoning:
    """One count with every fact settled, or left unknown for good."""

    def __init__(
        self,
        rules: AllowanceRules,
        book: FigureBook,
        basket: Basket,
        exchange: Exchange | None,
        excise: ExciseTable,
        facts: Mapping[str, Any],
    ) -> None:
        self.rules, self.book, self.basket, self.excise, self.facts = rules, book, basket, excise, facts
        self.reader = Reader(facts, rules.currency, exchange, book.day)

    def result(self) -> AllowanceResult:
        allowance = next(
            (each for each in self.rules.allowances if holds(each.when, self.facts, self.book)),
            self.rules.allowances[-1],
        )
        notes = Notes(self.rules, allowance, self.facts, self.book, self.reader)
        lines = [line for good in self.basket.goods if (line := self.reader.read(good))]
        counted = notes.before(lines)
        pools, rows = self._people(allowance, counted)
        findings = [
            *self.reader.findings,
            *notes.before_findings,
            *notes.uncovered(counted),
            *notes.after(counted, pools),
        ]
        findings += self._shared(allowance, pools)
        if allowance.other_reading:
            others, _ = self._people(
                allowance.model_copy(update={"pools": allowance.other_reading.pools, "charges": ()}), counted
            )
            findings += notes.other_reading(allowance.other_reading, pools, others)
        sums = (Sum(tuple(rows), self.rules.currency),) if rows else ()
        parts = [*pools, *rows, *findings]
        sources = tuple(
            dict.fromkeys(
                source for part in parts for source in part.sources if not isinstance(part, PoolResult) or part.goods
            )
        )
        return AllowanceResult(allowance.id, self.rules.currency, tuple(pools), tuple(findings), sums, (), (), sources)

    def _people(self, allowance: Allowance, lines: Sequence[Line]) -> tuple[list[PoolResult], list[Row]]:
        """The pools of the traveller, then of each other carrier; where a household declares together, all is the traveller's."""
        joint = any(pool.joint for pool in allowance.pools)
        carriers = [None] if joint else list(dict.fromkeys([None, *(line.carrier for line in lines)]))
        pools: list[PoolResult] = []
        rows: list[Row] = []
        for carrier in carriers:
            mine = list(lines) if joint else [line for line in lines if line.carrier == carrier]
            person = Pools(
                self.book,
                self.facts if carrier is None else _Other(self.facts, carrier, self._adult),
                self.reader,
                carrier,
            )
            filled = person.fill(allowance.pools, mine)
            pools += filled if carrier is None else [pool for pool in filled if pool.goods]
            rows += Charger(self.rules, person, mine, self.excise).charge(allowance.charges)
        return pools, rows

    @property
    def _adult(self) -> int:
        return max((int(age) for name in self.rules.ages() if (age := self.book.number(name))), default=18)

    def _shared(self, allowance: Allowance, pools: Sequence[PoolResult]) -> list[Finding]:
        """Pools that are over for one, and would not be if each of the travellers carried a part: nobody can use another's allowance."""
        adults, minors = self.facts["adults"] or 1, self.facts["minors"] or 0
        if adults + minors < 2:
            return []
        by_id = {pool.id: pool for pool in allowance.pools}
        found = []
        for pool in pools:
            rule = by_id[pool.id]
            people = adults if rule.min_age else adults + minors
            if (
                pool.verdict == "over"
                and pool.carrier is None
                and not rule.joint
                and pool.share is not None
                and 1 < pool.share <= people
            ):
                found.append(
                    Finding(
                        "fits_if_each_carries_a_part",
                        {"people": people, "pool": pool.id, "entry": pool.entry or ""},
                        pool.goods,
                    )
                )
        return found


class _Other(Mapping[str, Any]):
    """The facts of somebody who travels along: the same journey, but of age, unless it is a child."""

    def __init__(self, facts: Mapping[str, Any], carrier: str, adult: int) -> None:
        self._facts, self._age = facts, 0 if carrier == CHILD else adult

    def __getitem__(self, name: str) -> Any:
        return self._age if name == "age" else self._facts[name]

    def __iter__(self):  # noqa: ANN204
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
