"""May a traveller bring these goods in free, and what is due if not? Pure rules over figures; docs/calculators.md tells curators how they are written."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import replace
from functools import cache
from typing import Any

from knowledge_base.model import country_groups
from knowledge_base.rules.allowance_charges import Charger
from knowledge_base.rules.allowance_data import Allowance, AllowanceRules
from knowledge_base.rules.allowance_excise import ExciseTable
from knowledge_base.rules.allowance_lines import CHILD, Line, Reader
from knowledge_base.rules.allowance_notes import Notes
from knowledge_base.rules.allowance_pools import Pools, people
from knowledge_base.rules.allowance_result import AllowanceResult, PoolResult, Verdict, gravest
from knowledge_base.rules.allowance_values import telling_values, usual_values
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
    known = _known(rules, basket)

    def reckon(facts: Mapping[str, Any]) -> AllowanceResult:
        return _Reckoning(rules, book, basket, exchange, excise or {}, facts).result()

    @cache
    def values(name: str) -> Sequence[Any]:
        return telling_values(rules, book, name)

    def usual(name: str) -> Sequence[Any]:
        return usual_values(rules, book, name)

    facts = Facts(known, usual)
    result = reckon(facts)
    unsaid = {name: value for name, value in facts.reads.items() if "." not in name and value is not None}
    open_facts = any(len(values(name)) > 1 for name in facts.reads)
    unclear = [f"{good}.kind" for finding in result.findings if finding.code in _NO_KIND for good in finding.goods]
    if not open_facts:
        return _finished(result, unclear, unsaid, basket)
    tried = try_facts(known, values, reckon, _essence)
    certain = _certain(result, tried.results, bool(tried.needs))
    later = _later_needs(tried.needs, known, facts.reads, values, reckon)
    return _finished(certain, [*unclear, *(tried.needs - later)], unsaid, basket)


def _later_needs(
    needs: Set[str],
    known: Mapping[str, Any],
    usual: Mapping[str, Any],
    values: Callable[[str], Sequence[Any]],
    reckon: Callable[[Facts], AllowanceResult],
) -> Set[str]:
    """The places among `needs` that matter only after an unusual answer to another: where somebody comes from, once under age."""

    def essence(tried: Mapping[str, Any]) -> Hashable:
        return _essence(reckon(Facts(known, values, {**usual, **tried})))

    as_usual = essence({})
    later = {name for name in needs & _PLACES if all(essence({name: value}) == as_usual for value in values(name))}
    return later if needs - later else set()


def _known(rules: AllowanceRules, basket: Basket) -> dict[str, Any]:
    """The facts that were said. A place that is too wide to decide is none: the European Union, or the UAE where the emirate counts."""
    known = basket.traveller.model_dump()
    place, usual = known["arriving_in"], rules.facts.get("arriving_in")
    if place and usual and (place in country_groups() or str(usual.usual).startswith(f"{place}-")):
        known["arriving_in"] = None
    return known


_PLACES = {"arriving_from", "arriving_in"}
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
    """What makes a difference to a person: which goods are free, charged or taken, what is told of them, what is to be paid."""
    lines = dict.fromkeys(good for pool in result.pools for good in pool.goods)
    goods = tuple((good, _free_or(_gravest(result, {good})), *_fate(result, good)) for good in lines)
    rows = tuple((row.kind, row.code, row.why, row.amount) for each in result.sums for row in each.rows)
    told = tuple(
        (finding.code, finding.goods, finding.values.get("entry")) for finding in result.findings if finding.goods
    )
    return goods, rows, told


def _gravest(result: AllowanceResult, goods: Set[str]) -> Verdict:
    """The gravest verdict of the pools in which one of the goods counts; unknown when none does."""
    return gravest(pool.verdict for pool in result.pools if goods & set(pool.goods))


def _free_or(verdict: Verdict) -> Verdict:
    """Exactly at the limit is free as well."""
    return "within" if verdict == "at_limit" else verdict


def _fate(result: AllowanceResult, good: str) -> tuple[bool, bool]:
    return any(good in pool.charged for pool in result.pools), any(good in pool.taken for pool in result.pools)


def _certain(counted: AllowanceResult, possible: Sequence[AllowanceResult], needs: bool) -> AllowanceResult:
    """`counted` without guesses, with what all `possible` results agree on. Amounts stay as counted: those of the others are tried ones."""
    first = possible[0]

    def certain(pool: PoolResult) -> PoolResult:
        if not pool.goods:
            return pool
        same = [_same_pool(each, pool) for each in possible]
        # Another set of rules may count the same goods in other pools.
        verdicts = {
            _free_or(other.verdict if other else _gravest(each, set(pool.goods))) for each, other in zip(possible, same)
        }
        if len(verdicts) > 1 or same[0] is None:
            return replace(pool, verdict="unknown", consequence=None, charged=(), taken=())
        (verdict,) = verdicts
        return replace(
            pool,
            verdict=pool.verdict if _free_or(pool.verdict) == verdict else verdict,
            consequence=same[0].consequence if len({other and other.consequence for other in same}) == 1 else None,
            charged=tuple(good for good in same[0].charged if all(other and good in other.charged for other in same)),
            taken=tuple(good for good in same[0].taken if all(other and good in other.taken for other in same)),
        )

    def told(finding: Finding) -> list[Finding]:
        same = [[f for f in each.findings if (f.code, f.values) == (finding.code, finding.values)] for each in possible]
        if not all(same):
            return []
        goods = tuple(good for good in finding.goods if all(any(good in f.goods for f in found) for found in same))
        return [replace(finding, goods=goods)] if goods or not finding.goods else []

    pools = tuple(certain(pool) for pool in counted.pools)
    findings = tuple(sure for finding in first.findings for sure in told(finding))
    return replace(counted, pools=pools, findings=findings, sums=() if needs else _same_rows(first, possible))


def _same_rows(first: AllowanceResult, possible: Sequence[AllowanceResult]) -> tuple[Sum, ...]:
    """The sums, all alike but for bases that were only tried: these are not known."""

    def settled(row: Row, place: tuple[int, int]) -> Row:
        bases = {each.sums[place[0]].rows[place[1]].base for each in possible}
        return row if len(bases) == 1 else replace(row, base=None)

    return tuple(
        replace(each, rows=tuple(settled(row, (number, place)) for place, row in enumerate(each.rows)))
        for number, each in enumerate(first.sums)
    )


def _same_pool(result: AllowanceResult, pool: PoolResult) -> PoolResult | None:
    """The pool of another result by the same name that counts some of the same goods."""
    for other in result.pools:
        if (other.id, other.carrier) == (pool.id, pool.carrier) and set(other.goods) & set(pool.goods):
            return other
    return None


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
        self.reader = Reader(facts, rules, exchange, book.day)

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
        findings += self._shared(allowance, pools, counted)
        if allowance.other_reading:
            others, _ = self._people(
                allowance.model_copy(update={"pools": allowance.other_reading.pools, "charges": ()}), counted
            )
            findings += notes.other_reading(allowance.other_reading, pools, others)
        rows = [*self.reader.rows, *rows]
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
                self.facts if carrier is None else self._facts_of(carrier),
                self.reader,
                carrier,
            )
            filled = person.fill(allowance.pools, mine)
            pools += filled if carrier is None else [pool for pool in filled if pool.goods]
            rows += Charger(self.rules, person, mine, self.excise).charge(allowance.charges)
        return pools, rows

    def _facts_of(self, carrier: str) -> _Other:
        """What holds for somebody who travels along: of age, unless it is a child or the age was told."""
        usual = 0 if carrier == CHILD else adult_age(self.rules, self.book)
        return _Other(self.facts, self.basket.ages.get(carrier, usual))

    def _shared(self, allowance: Allowance, pools: Sequence[PoolResult], lines: Sequence[Line]) -> list[Finding]:
        """Pools that are over for one, and would not be if each of the travellers carried a part: nobody can use another's allowance."""
        adults, minors = people(self.facts)
        if adults + minors < 2:
            return []
        rules = {pool.id: pool for pool in allowance.pools}
        found = []
        for pool in pools:
            rule = rules[pool.id]
            heads = adults if rule.min_age else adults + minors
            alone = pool.verdict == "over" and pool.carrier is None and not rule.joint
            if alone and pool.share is not None and 1 < pool.share <= heads and not _one_too_dear(pool, lines):
                values = {"people": heads, "pool": pool.id, "entry": pool.entry or ""}
                found.append(Finding("fits_if_each_carries_a_part", values, pool.goods))
        return found


def _one_too_dear(pool: PoolResult, lines: Sequence[Line]) -> bool:
    """Is one thing alone worth more than a limit of value? It cannot be shared."""
    limit = pool.parts[0].limit
    mine = [line for line in lines if line.id in pool.goods]
    return pool.parts[0].unit not in {line.unit for line in mine} and any(
        limit is not None and line.value is not None and line.value / line.pieces > limit for line in mine
    )


def adult_age(rules: AllowanceRules, book: FigureBook) -> int:
    """The age from which nobody is too young for anything, in years."""
    return max((int(age) for name in rules.ages() if (age := book.number(name))), default=18)


class _Other(Mapping[str, Any]):
    """The facts of somebody who travels along: the same journey at another age."""

    def __init__(self, facts: Mapping[str, Any], age: int) -> None:
        self._facts, self._age = facts, age

    def __getitem__(self, name: str) -> Any:
        return self._age if name == "age" else self._facts[name]

    def __iter__(self):  # noqa: ANN204
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
