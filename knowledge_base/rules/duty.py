"""Import duty and tax on a consignment: `estimate_duty`. Pure: rules, figures and exchange rates in, a DutyResult out."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from knowledge_base.rules.consignment import Consignment
from knowledge_base.rules.customs_value import portions
from knowledge_base.rules.duty_conditions import among, holds
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_needs import certain, needed
from knowledge_base.rules.duty_reliefs import treat
from knowledge_base.rules.duty_result import DutyOption, DutyResult
from knowledge_base.rules.duty_rows import rows
from knowledge_base.rules.duty_setting import Setting
from knowledge_base.rules.duty_ways import conditions, ways
from knowledge_base.rules.exchange import Exchange
from knowledge_base.rules.figure_book import FigureBook
from knowledge_base.rules.results import Finding, Row, Sum

_OLD = timedelta(days=366)  # rates of goods that nobody has looked at for longer are said to be old


def estimate_duty(rules: DutyRules, book: FigureBook, exchange: Exchange, consignment: Consignment) -> DutyResult:
    """What `consignment` pays on the day of `book`, every lawful way side by side.

    Never raises for what somebody asked: what is not known stands in the result, and what would change it in `needs`.
    """

    def sum_up(tried: Consignment) -> DutyResult:
        return _sum_up(rules, book, exchange, tried)

    needs, possible = needed(rules, book, consignment, sum_up)
    return certain(sum_up(consignment), needs, possible)


def _sum_up(rules: DutyRules, book: FigureBook, exchange: Exchange, consignment: Consignment) -> DutyResult:
    """The result with what is known; what is not known is taken to hold for nothing."""
    administration = rules.administration
    if (stop := _no_sum(rules, book, consignment)) is not None:
        return DutyResult(administration, book.day, (), findings=(stop,))
    goods, converted = portions(rules, consignment, exchange, book.day)
    prices = [portion.price for portion in goods]
    price = None if any(each is None for each in prices) else sum(prices, Decimal(0))  # type: ignore[arg-type]
    treated = treat(rules, book, consignment, goods, price)
    setting = Setting(rules, book, consignment, treated, price)
    options: list[DutyOption] = []
    for way in ways(setting):
        option = DutyOption(way.code, Sum((*converted, *rows(setting, way)), rules.currency), conditions(setting, way))
        if all(_amounts(option) != _amounts(other) for other in options):
            options.append(option)
    return DutyResult(administration, book.day, tuple(options), findings=_findings(setting, converted))


def _amounts(option: DutyOption) -> tuple[tuple[str, object], ...]:
    return tuple((row.kind, row.amount) for row in option.sum.rows)


def _no_sum(rules: DutyRules, book: FigureBook, consignment: Consignment) -> Finding | None:
    """Why nothing is to be summed up, if so."""
    if not consignment.lines:
        return Finding("no_goods")
    if rules.since and isinstance(since := book.value(rules.since), type(book.day)) and book.day < since:
        return Finding("day_too_early", {"from": since.isoformat()}, figures=(rules.since,))
    if among(consignment.sent_from, rules.inside) and consignment.channel != "traveller":
        return Finding("not_an_import", {"place": consignment.sent_from or ""})
    if among(consignment.destination, rules.not_to) or among(consignment.destination, rules.inside) is False:
        return Finding("other_rules_there", {"place": consignment.destination or ""})
    return None


def _findings(setting: Setting, converted: tuple[Row, ...]) -> tuple[Finding, ...]:
    """What to tell beside the sums: reliefs that apply, goods that have no code, rates of another table, notes of the file."""
    rules, found = setting.rules, []
    used = {treated.relief.id: treated.relief for treated in setting.goods if treated.relief}
    for relief in used.values():
        goods = tuple(dict.fromkeys(t.portion.line.id for t in setting.goods if t.relief is relief))
        values = {"relief": relief.id, **({"entry": relief.entry} if relief.entry else {})}
        found.append(Finding("relief", values, goods, (relief.limit,) if relief.limit else (), relief.sources))
    if without := tuple(t.portion.line.id for t in setting.goods if setting.rate(t.portion) is None):
        found.append(Finding("unclassified", {"entry": rules.ruling} if rules.ruling else {}, without))
    for row in converted:
        if row.amount and row.code not in ("ecb_month", "peg") and row.base and row.as_of:
            values = {"currency": row.base.currency, "day": row.as_of.isoformat()}
            if (finding := Finding("not_the_customs_rate", values)) not in found:
                found.append(finding)
    rates = [setting.rate(treated.portion) for treated in setting.goods]
    days = [rate.as_of for rate in rates if rate and rate.known]
    if days and setting.book.day - min(days) > _OLD:
        found.append(Finding("old_rates", {"day": min(days).isoformat(), "days": (setting.book.day - min(days)).days}))
    for note in rules.notes:
        if holds(note.when, setting.consignment, setting.price, setting.book) is not True:
            continue
        if note.groups and not any(rate and rate.group in note.groups for rate in rates):
            continue
        if note.origins and not any(among(line.origin, note.origins) for line in setting.consignment.lines):
            continue
        found.append(Finding(note.code, {"entry": note.entry} if note.entry else {}, (), note.figures, note.sources))
    return tuple(found)
