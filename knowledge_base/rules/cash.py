"""Must this cash be declared? Amounts of any currency, whose they are, and the journey against the threshold of a pack.

>>> check_cash(rules, book, CashCase(held=(Held(money=Money(amount=9000, currency="GBP")),)), exchange=rates).verdict
'no_need'
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from knowledge_base.model import country_groups
from knowledge_base.rules.basket import Country, Money, _Data
from knowledge_base.rules.cash_data import CashRules, Form, Route
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Finding, Row, Sum

Verdict = Literal["declare", "no_need", "nothing_on_route", "national"]
# What may be asked, in the order in which people expect it.
FACTS = ("money", "persons", "most", "other_end")


class Held(_Data):
    """An amount that somebody carries; `money` is the value of what is no money itself (jewellery). `by` says who."""

    money: Money
    form: Form = "notes"
    by: Literal["self", "adult", "minor"] = "self"


class CashCase(_Data):
    """All that was said about money on a journey.

    `start` and `end` are countries or parts of them (GB-NIR). `persons` counts all who travel together, `adults` those of age,
    where that was said. `each` says that every one of them carries an amount like `held`; `most` is the largest amount that one
    person carries, where `held` is that of several.
    """

    held: tuple[Held, ...] = ()
    start: Country | None = None
    end: Country | None = None
    persons: int | None = None
    adults: int | None = None
    each: bool = False
    most: Money | None = None


@dataclass(frozen=True)
class CashResult:
    """`verdict` is None when it cannot be said; `needs` (of FACTS) then says what is missing, or a row says `why`.

    `threshold` is the amount that decides (`figure` its id; `counts_equal`: exactly so much must be declared). `counted` is what
    is compared with it, in its currency; `sum` holds a row for each amount. `home` is the place that was taken for granted.
    """

    verdict: Verdict | None
    threshold: Money | None
    figure: str | None
    counts_equal: bool
    counted: Money | None
    sum: Sum | None
    needs: tuple[str, ...]
    findings: tuple[Finding, ...]
    figures: tuple[str, ...]
    home: str | None = None

    @property
    def sums(self) -> tuple[Sum, ...]:
        """The rows, as every sum has them; nothing is to be paid."""
        return (self.sum,) if self.sum else ()


def check_cash(rules: CashRules, book: FigureBook, case: CashCase, *, exchange: Exchange | None = None) -> CashResult:
    """Compare what is carried with the threshold of the journey. Without `exchange` only its own currency can be counted."""
    start, end, assumed = _journey(rules, case)
    routes = [_route(rules, start, end)] if start and end else _possible_routes(rules, start or end or rules.home)
    results = [_on_route(rules, book, case, route, exchange) for route in routes]
    first = results[0]
    others = {result.verdict for result in results[1:]} - {first.verdict}
    if not case.held and any("money" in result.needs for result in results):
        first = replace(first, verdict=None, needs=("money",))
    elif first.verdict == "no_need" and others <= {"national", "nothing_on_route"}:
        told = [finding for result in results for finding in result.findings]
        first = replace(first, findings=_once(told))
    elif others:
        first = replace(first, verdict=None, needs=_once((*first.needs, "other_end")))
    return replace(first, home=assumed)


def _journey(rules: CashRules, case: CashCase) -> tuple[str | None, str | None, str | None]:
    """Both ends by the names of the file, None for one that is not known; and the home that was assumed."""
    start, end = rules.place_of(case.start), rules.place_of(case.end)
    if any(place is not None and _at_home(rules, place) for place in (start, end)) or (start and end):
        return start, end, None
    return (start, rules.home, rules.home) if end is None else (rules.home, end, rules.home)


def _at_home(rules: CashRules, place: str) -> bool:
    """Is it a part of the administration's own country: GB-NIR beside GB?"""
    return place.split("-")[0] == rules.home.split("-")[0]


def _route(rules: CashRules, start: str, end: str) -> Route:
    for route in rules.routes:
        if route.fits(start, end):
            return route
    return Route(**{"from": start, "to": end})  # between two other countries: no rule of this administration


def _possible_routes(rules: CashRules, known: str) -> list[Route]:
    """The routes that one known end leaves open, the one to or from elsewhere first."""
    others = [place for place in rules.places if place in country_groups() or place != known]
    if known == rules.home:
        others = [place for place in others if place in country_groups()]
    return list(dict.fromkeys(_route(rules, known, other) for other in ("abroad", *others)))


def _on_route(
    rules: CashRules, book: FigureBook, case: CashCase, route: Route, exchange: Exchange | None
) -> CashResult:
    findings: list[Finding] = []
    if route.threshold is None:
        verdict: Verdict = "national" if route.national else "nothing_on_route"
        if route.entry:
            findings.append(Finding("route", {"entry": route.entry}))
        return CashResult(verdict, None, None, False, None, None, (), tuple(findings), ())
    limit, figure = book.money(route.threshold), book[route.threshold]
    equal = figure.at_limit == "over"
    used = [route.threshold]
    empty = CashResult(None, limit, figure.id, equal, None, None, (), (), tuple(used))
    if not case.held:
        return replace(empty, needs=("money",), findings=tuple(findings))
    if limit is None:
        return replace(empty, findings=(Finding("threshold_not_known", figures=(figure.id,)),))
    if figure.status == "conflicting":
        findings.append(Finding("conflicting", figures=(figure.id,)))
    rows = [_row(rules, route, held, limit.currency, book, exchange) for held in case.held]
    for held, row in zip(case.held, rows):
        if row.why:
            findings.append(Finding(row.why, {"form": held.form, "entry": rules.forms}))
    counted = Sum(tuple(rows), limit.currency)
    most, unknown = _most(rules, case, rows)
    # Holding each amount against the limit in the way the rule says: money that cannot be converted may still be too much.
    over = most >= limit.amount if equal else most > limit.amount
    needs: tuple[str, ...] = ()
    if case.each and case.persons is None and rules.together == "group" and not over:
        return replace(empty, sum=counted, needs=("persons",))
    verdict = "declare" if over else (None if unknown else "no_need")
    if over and case.most is None and _is_of_several(rules, case):
        verdict, needs = None, ("most",)
    if verdict == "no_need" and rules.together == "group" and not (case.persons and case.persons > 1):
        findings.append(Finding("family_adds_up", {"entry": rules.whose}))
    if most == limit.amount:
        findings.append(Finding("exactly_at_limit", figures=(figure.id,)))
    for form, name in rules.figures_of_form.items():
        if any(held.form == form for held in case.held):
            used.append(name)
            findings.append(Finding("fineness", {"form": form}, figures=(name,)))
    return CashResult(
        verdict, limit, figure.id, equal, Money(amount=most, currency=limit.currency), counted, needs,
        _once(findings), tuple(used),
    )  # fmt: skip


def _once(things: Iterable[Any]) -> tuple[Any, ...]:
    kept: list[Any] = []
    for thing in things:
        if thing not in kept:
            kept.append(thing)
    return tuple(kept)


def _row(rules: CashRules, route: Route, held: Held, currency: str, book: FigureBook, exchange: Exchange | None) -> Row:
    """One amount in the currency of the threshold; `why` says why it does not count, or is not known."""
    counts = route.counts or rules.counts
    if held.form not in counts:
        if held.form in rules.silent:  # nobody has said that it is none: then it is not known, and never 0
            return Row("cash", None, base=held.money, code=held.form, why="form_not_named")
        nothing = Money(amount=Decimal(0), currency=currency)
        return Row("cash", nothing, base=held.money, code=held.form, why="form_does_not_count")
    if held.money.currency == currency:
        return Row("cash", held.money, base=held.money, code=held.form)
    found = exchange.rate(held.money.currency, currency, book.day) if exchange else None
    if found is None:
        return Row("cash", None, base=held.money, code=held.form, why="no_rate")
    amount = Money(amount=held.money.amount * found.value, currency=currency)
    return Row(
        "cash", amount, base=held.money, code=held.form, figures=found.figures, sources=found.sources, as_of=found.day
    )


def _most(rules: CashRules, case: CashCase, rows: list[Row]) -> tuple[Decimal, bool]:
    """The largest amount that the rule adds up, of what is known; and whether a part of it is not known."""
    unknown = any(row.amount is None for row in rows)
    if rules.together != "group" and case.most is not None and rows:
        return case.most.amount, False
    times = case.persons if case.each and case.persons and rules.together == "group" else 1
    if rules.together == "group":
        return sum((row.amount.amount for row in rows if row.amount), Decimal(0)) * times, unknown
    of: dict[str, Decimal] = {}
    for held, row in zip(case.held, rows):
        holder = "self" if held.by == "minor" and rules.together == "with_minors" else held.by
        of[holder] = of.get(holder, Decimal(0)) + (row.amount.amount if row.amount else Decimal(0))
    return max(of.values(), default=Decimal(0)), unknown


def _is_of_several(rules: CashRules, case: CashCase) -> bool:
    """Is the money said to be that of several who count apart, without a word on who carries what?"""
    if rules.together == "group" or case.each or len({held.by for held in case.held} - {"minor"}) > 1:
        return False
    counted_apart = case.adults if rules.together == "with_minors" and case.adults is not None else case.persons
    return bool(counted_apart and counted_apart > 1)
