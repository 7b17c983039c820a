"""`customs duty`."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, get_args

import click

from customs.settings import Settings
from knowledge_base.rules.basket import Money
from knowledge_base.rules.consignment import Channel, Consignment, ConsignmentLine, Importer, Quantity

if TYPE_CHECKING:
    from knowledge_base.rules.duty_data import DutyRules
    from knowledge_base.rules.duty_result import DutyOption, DutyResult
    from knowledge_base.rules.results import Finding, Row
    from knowledge_base.search import Searcher

_AMOUNT = re.compile(r"(\d+(?:[.,]\d{1,2})?)\s*([A-Za-z]{3})?")
_QUANTITY = re.compile(r"(\d+(?:[.,]\d+)?)\s*([A-Za-z0-9]+)")
_COUNTRY = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


class _Amount(click.ParamType):
    """`120`, `120 USD`, `99,90 eur`: an amount and its currency, None where the currency is left to the administration."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        found = _AMOUNT.fullmatch(value.strip()) if isinstance(value, str) else None
        if not found:
            self.fail(f"{value!r} is no amount; write 120, or 120 USD.", param, context)
        return Decimal(found[1].replace(",", ".")), found[2].upper() if found[2] else None


class _Country(click.ParamType):
    """A country, or a part of one: `CN`, `GB-NIR`."""

    name = "country"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        if not _COUNTRY.fullmatch(value.upper()):
            self.fail(f"{value!r} is no code of a country; write two letters such as CN, or GB-NIR.", param, context)
        return value.upper()


class _Counted(click.ParamType):
    """`3 each`, `1.5 L`, `0.4 kg`: how much, and in which unit."""

    name = "quantity"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        found = _QUANTITY.fullmatch(value.strip())
        units = {unit.lower(): unit for unit in get_args(Quantity)}
        if not found or found[2].lower() not in units:
            self.fail(
                f"{value!r} is no quantity; write a number and one of {', '.join(units.values())}.", param, context
            )
        return Decimal(found[1].replace(",", ".")), units[found[2].lower()]


@click.command(name="duty")
@click.argument("goods", nargs=-1, required=True)
@click.option("--administration", "-a", required=True, help="Where the goods go: gb, eu, us, ae …")
@click.option("--value", type=_Amount(), multiple=True, help="Price of each of GOODS, in their order: 120, or 120 USD.")
@click.option("--quantity", type=_Counted(), multiple=True, help="How much of each: 3 each, 1.5 L, 0.4 kg.")
@click.option("--weight", type=click.FloatRange(min=0), multiple=True, help="Net weight of each, in kilograms.")
@click.option("--strength", type=click.FloatRange(0, 100), multiple=True, help="Alcohol of each, per cent by volume.")
@click.option("--origin", type=_Country(), multiple=True, help="Where each was made; one for all is enough.")
@click.option("--proof/--no-proof", default=None, help="Is there a proof of that origin?")
@click.option("--freight", type=_Amount(), help="What delivery costs, 0 when it is in the price.")
@click.option("--insurance", type=_Amount(), help="What insurance costs apart from the delivery.")
@click.option("--by", "channel", type=click.Choice(get_args(Channel)), help="How the goods come.")
@click.option("--from", "sent_from", type=_Country(), help="Where they are sent from.")
@click.option("--to", "destination", type=_Country(), help="The state or part where they go: DE, GB-NIR.")
@click.option("--private/--shop", default=None, help="Does a private person or a shop send them?")
@click.option("--gift/--no-gift", default=None, help="Are they a present?")
@click.option("--importer", type=click.Choice(get_args(Importer)), help="Who gets them.")
@click.option("--tax-paid/--tax-not-paid", default=None, help="Did the shop take the tax when it sold?")
@click.option("--date", "day", help="The day of import, 2026-11-22; default: today.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole result as JSON.")
def command(goods: tuple[str, ...], administration: str, day: str | None, as_json: bool, **said: Any) -> None:
    """Work out import duty and tax on GOODS, each a description ("bluetooth speaker"), a code ("8518 22") or a good's id.

    It is information, not a ruling. What would change the sum and is not said is listed.
    """
    from customs.commands.ask import _start
    from knowledge_base.rules.duty import estimate_duty
    from knowledge_base.rules.figure_book import FigureBook

    settings = Settings()
    if administration not in settings.administrations:
        known = ", ".join(settings.administrations)
        raise click.BadParameter(f"{administration!r} is not served; one of {known}.", param_hint="--administration")
    on = _day(day)
    searcher = _start(settings)
    shelf = searcher.release.shelves[administration]
    rules = shelf.rules.get("duties")
    if rules is None:
        raise click.ClickException(f"The pack {administration!r} has no duties.yml: there is no such sum.")
    told = [_classified(searcher, rules, text) for text in goods]
    rules, live = _live(settings, administration, rules, [good for good, _ in told if good], on)
    consignment = _consignment([good for good, _ in told], list(goods), rules.currency, said, on)
    book = FigureBook(shelf.figures, on)
    result = estimate_duty(rules, book, rules.rates(book), consignment)
    result = replace(result, findings=(*result.findings, *live))
    if as_json:
        from pydantic import TypeAdapter

        from knowledge_base.rules.duty_result import DutyResult

        shown = {"goods": [line.model_dump(mode="json") for line in consignment.lines]}
        shown["result"] = TypeAdapter(DutyResult).dump_python(result, mode="json")
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    click.echo("\n".join([*(line for _, line in told), "", *_readable(result)]))


def _live(
    settings: Settings, administration: str, rules: DutyRules, goods: list[str], day: date
) -> tuple[DutyRules, tuple[Finding, ...]]:
    """The rules with today's rates of the administration's own tariff, where the settings allow to ask it."""
    from knowledge_base.tariff.live import refresh, source_for

    source = source_for(administration, settings.live_tariffs_timeout_s) if settings.live_tariffs else None
    return refresh(rules, goods, source, day) if source else (rules, ())


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else date.today()
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write it as 2026-11-22.", param_hint="--date") from None


def _classified(searcher: Searcher, rules: DutyRules, text: str) -> tuple[str | None, str]:
    """The good that `text` names, None when that is not sure, and what to tell about it."""
    if rate := rules.rate_of(text):
        return text, f"{text}: {rate.code}"
    found = searcher.find_goods(text, {rate.good for rate in rules.goods})
    if found is None:
        raise click.ClickException("The release knows no goods by description: run `bin/customs build`, or give an id.")
    nearest = ", ".join(f"{candidate.good} ({candidate.hs})" for candidate in found.candidates)
    if found.verdict == "sure":
        good = found.candidates[0].good
        return good, f"{text}: {good}, {rules.rate_of(good).code} (please confirm)"
    if found.verdict == "which":
        return None, f"{text}: which of these? Give its id: {nearest}"
    return None, f"{text}: cannot be classified; ask for a ruling" + (
        f". Nearest, not reliable: {nearest}" if nearest else ""
    )


def _consignment(
    found: list[str | None], texts: list[str], currency: str, said: dict[str, Any], day: date
) -> Consignment:
    def money(amount: tuple[Decimal, str | None] | None) -> Money | None:
        return None if amount is None else Money(amount=amount[0], currency=amount[1] or currency)

    def each(option: str, number: int) -> Any:
        values = said[option]
        if len(values) > len(texts):
            raise click.BadParameter(f"given {len(values)} times for {len(texts)} goods.", param_hint=f"--{option}")
        return (
            values[0] if option == "origin" and len(values) == 1 else values[number] if number < len(values) else None
        )

    lines = []
    for number, (good, text) in enumerate(zip(found, texts)):
        quantity, unit = each("quantity", number) or (None, None)
        numbers = {key: each(key, number) for key in ("weight", "strength")}
        lines.append(
            ConsignmentLine(
                id=f"g{number + 1}",
                good=good,
                value=money(each("value", number)),
                quantity=quantity,
                unit=unit,
                origin=each("origin", number),
                proof_of_origin=said["proof"],
                said=text,
                **{key: None if value is None else Decimal(str(value)) for key, value in numbers.items()},
            )
        )
    senders = {True: "private", False: "business", None: None}
    return Consignment(
        lines=tuple(lines),
        freight=money(said["freight"]),
        insurance=money(said["insurance"]),
        sender=senders[said["private"]],
        seller_registered=said["tax_paid"],
        day=day,
        **{key: said[key] for key in ("channel", "sent_from", "destination", "gift", "importer")},
    )


def _readable(result: DutyResult) -> list[str]:
    lines = [line for option in result.options for line in _option(option)]
    for finding in result.findings:
        values = " ".join(f"{key}={value}" for key, value in finding.values.items())
        lines.append(f"- {finding.code.replace('_', ' ')} {values}".rstrip())
    if result.needs:
        lines += ["", f"Not known, and it would change the sum: {', '.join(result.needs)}"]
    return [*lines, "", f"As of {result.day}. Information, not a ruling."]


def _option(option: DutyOption) -> list[str]:
    total, due = option.total, option.on_arrival
    head = f"{option.code.replace('_', ' ')}: {_money(total) if total else 'no total: something is not known'}"
    if total and due and due != total:
        head += f", of which on arrival {_money(due)}"
    terms = [f"  only with: {condition.code.replace('_', ' ')}" for condition in option.conditions]
    return [head, *terms, *(_row(row) for row in option.sum.rows), ""]


def _row(row: Row) -> str:
    rate = ""
    if row.rate:
        unit = f" {row.rate.currency or ''} for {row.rate.per_quantity.normalize():f} {row.rate.per_unit}"
        rate = f"{round(row.rate.value, 6).normalize():f}" + (
            unit if row.rate.per_unit else "" if row.kind == "exchange" else " %"
        )
    amount = _money(row.amount) if row.amount else f"not known ({(row.why or '').replace('_', ' ')})"
    base = _money(row.base) if row.base else ""
    dated = f"  [{row.as_of}]" if row.as_of else ""
    about = " ".join((row.kind.replace("_", " "), *row.goods, row.code or ""))
    return f"  {about:<44} {base:>14} {rate:>12} {amount:>16}{dated}"


def _money(money: Money) -> str:
    return f"{money.amount:,.2f} {money.currency}"
