"""`customs allowance`."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError

from customs.settings import Settings

if TYPE_CHECKING:
    from knowledge_base.model import Pack
    from knowledge_base.rules.allowance_result import AllowanceResult, Part, PoolResult
    from knowledge_base.rules.basket import Basket, Good, Money
    from knowledge_base.rules.results import Row

_NUMBER = r"\d+(?:[.,]\d+)?"
_GOOD = re.compile(
    rf"(?P<kind>[a-z_]+)(?:=(?P<quantity>{_NUMBER})(?P<unit>L|ml|g|kg)?)?"
    rf"(?::(?P<value>{_NUMBER})(?P<currency>[A-Za-z]{{3}})?)?(?:@(?P<strength>{_NUMBER})%?)?"
)
_METRIC = {"ml": ("L", Decimal("0.001")), "kg": ("g", Decimal(1000))}


@click.command(name="allowance")
@click.argument("text", nargs=-1)
@click.option("--administration", "-a", required=True, help="Where one arrives: gb, eu, us, ae …")
@click.option(
    "--good", "goods", multiple=True, help="A line of goods: spirits=1.5L@40%, cigarettes=200, other=1:1200USD."
)
@click.option("--age", type=click.IntRange(0, 130), help="Age of the traveller.")
@click.option("--from", "arriving_from", help="Country that one comes from: US, ES-CN.")
@click.option("--in", "arriving_in", help="Country or part where one arrives: DE, GB-NIR, AE-SH.")
@click.option("--by", type=click.Choice(["air", "sea", "land", "private"]), help="How; private: own boat or aircraft.")
@click.option("--resident/--visitor", default=None, help="Does the traveller live there?")
@click.option("--away-hours", type=click.IntRange(0), help="Hours abroad.")
@click.option("--staying-hours", type=click.IntRange(0), help="Hours that a visitor means to stay.")
@click.option("--days-since-last", type=click.IntRange(0), help="Days since the allowance was used last.")
@click.option("--crew/--no-crew", default=None, help="Is the traveller crew at work?")
@click.option("--transit/--no-transit", "in_transit", default=None, help="Is it only a change of planes?")
@click.option("--adults", type=click.IntRange(1, 50), help="Adults who travel together, the traveller included.")
@click.option("--minors", type=click.IntRange(0, 50), help="Minors who travel with them.")
@click.option("--date", "day", help="The day of arrival, 2026-11-22; default: today.")
@click.option("--language", "-l", default="en", help="Language of TEXT.")
@click.option("--json", "as_json", is_flag=True, help="Print basket and result as JSON.")
def command(
    text: tuple[str, ...],
    administration: str,
    goods: tuple[str, ...],
    day: str | None,
    language: str,
    as_json: bool,
    **facts: Any,
) -> None:
    """Count what a traveller brings against the allowances: TEXT in everyday words ("2 bottles of whisky, 250 cigarettes"), or --good.

    The packs of CUSTOMS_CONTENT_DIR are read as they are. It is information, not a ruling. What would change the result and is not
    said is listed.
    """
    from knowledge_base.packs import pack_folders, read_pack
    from knowledge_base.rules.allowance import check_allowance
    from knowledge_base.rules.figure_book import FigureBook

    settings = Settings()
    _check("--administration", administration, settings.administrations)
    _check("--language", language, settings.languages)
    pack = read_pack(pack_folders(settings.content_dir, [administration])[0])
    rules = pack.rules.get("allowances")
    if rules is None:
        raise click.ClickException(f"The pack {administration!r} has no allowances.yml: there is no such sum.")
    basket, unclear = _basket(text, goods, facts, rules.currency, language, pack)
    basket = basket.model_copy(update={"day": _day(day) or basket.day or date.today()})
    duties = pack.rules.get("duties")
    book = FigureBook(pack.figures, basket.day)
    exchange, excise = (duties.rates(book), duties.excise) if duties else (None, None)
    result = check_allowance(rules, book, basket, exchange, excise)
    if as_json:
        click.echo(json.dumps(_plain(basket, result, unclear), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(_readable(pack, basket, result, unclear)))


def _check(option: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise click.BadParameter(f"{value!r} is not served; one of {', '.join(known)}.", param_hint=option)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise click.BadParameter(f"{text!r} is no day; write it as 2026-11-22.", param_hint="--date") from None


def _basket(
    text: tuple[str, ...], goods: tuple[str, ...], facts: dict[str, Any], currency: str, language: str, pack: Pack
) -> tuple[Basket, tuple[str, ...]]:
    """What was said, and the words that could not be placed. What an option says wins over the text."""
    from knowledge_base.goods.understanding import understand
    from knowledge_base.places import Administrations
    from knowledge_base.rules.basket import Basket, Traveller

    said = understand(
        " ".join(text), language, Basket(), currency=currency, places=Administrations([pack.administration])
    )
    lines = list(said.basket.goods)
    lines += [_good(each, f"g{place}", currency) for place, each in enumerate(goods, len(lines) + 1)]
    given = {name: value for name, value in facts.items() if value is not None}
    for place in ("arriving_from", "arriving_in"):
        if place in given:
            given[place] = given[place].upper()
    try:
        traveller = Traveller.model_validate(said.basket.traveller.model_dump() | given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        option = {"arriving_from": "--from", "arriving_in": "--in"}.get(name, f"--{name.replace('_', '-')}")
        raise click.BadParameter(
            f"{given.get(name)!r} is no code of a country; write US or GB-NIR.", param_hint=option
        ) from None
    if not lines:
        raise click.UsageError("Say what is carried: in words, or with --good spirits=1.5L.")
    return Basket(goods=tuple(lines), traveller=traveller, day=said.basket.day), said.unclear


def _good(text: str, name: str, currency: str) -> Good:
    from knowledge_base.goods.tree import tree
    from knowledge_base.rules.basket import Good, Money

    found = _GOOD.fullmatch(text.strip())
    if not found:
        message = f"{text!r} is no line of goods; write KIND=AMOUNT, and if need be :PRICE and @STRENGTH, as in spirits=1.5L:40USD@40%."
        raise click.BadParameter(message, param_hint="--good")
    if found["kind"] not in tree():
        raise click.BadParameter(
            f"{found['kind']!r} is no kind of goods; one of {', '.join(tree())}.", param_hint="--good"
        )

    def number(part: str) -> Decimal | None:
        return None if found[part] is None else Decimal(found[part].replace(",", "."))

    quantity, unit, value = number("quantity"), found["unit"], number("value")
    if quantity is not None and unit in _METRIC:
        unit, times = _METRIC[unit]
        quantity *= times
    price = None if value is None else Money(amount=value, currency=(found["currency"] or currency).upper())
    return Good(
        id=name, kind=found["kind"], quantity=quantity, unit=unit or (None if quantity is None else "each"), value=price,
        strength=number("strength"), said=text,
    )  # fmt: skip


def _plain(basket: Basket, result: AllowanceResult, unclear: tuple[str, ...]) -> dict[str, Any]:
    from pydantic import TypeAdapter

    from knowledge_base.rules.allowance_result import AllowanceResult

    counted = TypeAdapter(AllowanceResult).dump_python(result, mode="json")
    total = None if result.total is None else result.total.model_dump(mode="json")
    counted |= {"verdict": result.verdict, "total": total}
    return {"basket": basket.model_dump(mode="json"), "unclear": list(unclear), "result": counted}


def _readable(pack: Pack, basket: Basket, result: AllowanceResult, unclear: tuple[str, ...]) -> list[str]:
    lines = [f"{each.id}: {_line(each)}" for each in basket.goods]
    lines += [f"not understood: {', '.join(unclear)}"] if unclear else []
    lines += ["", f"{_worded(result.verdict)} ({_worded(result.allowance)})"]
    for pool in result.pools:
        lines += _pool(pool) if pool.goods else []
    rows = [row for each in result.sums for row in each.rows]
    lines += ["", *(_row(row) for row in rows)] if rows else []
    lines += [f"to pay: {_money(result.total) if result.total else 'not known'}", ""]
    for finding in result.findings:
        about = " ".join((*finding.goods, str(finding.values.get("entry", ""))))
        lines.append(f"- {_worded(finding.code)}: {about}".rstrip(": "))
    if result.needs:
        lines.append(f"Not known, and it would change the result: {', '.join(result.needs)}")
    if result.assumed:
        lines.append(f"Taken for granted: {', '.join(f'{name} {value}' for name, value in result.assumed)}")
    sources = [pack.sources[name] for name in result.sources if name in pack.sources]
    lines += ["", *(f"{source.title}, {source.url} (checked {source.checked})" for source in sources)]
    return [*lines, f"As of {basket.day}. Information, not a ruling."]


def _line(good: Good) -> str:
    parts = [_worded(good.kind or "unknown")]
    parts += [f"{_number(good.quantity)} {good.unit or ''}".strip()] if good.quantity is not None else []
    parts += [_money(good.value)] if good.value else []
    parts += [f"{_number(good.strength)} %"] if good.strength is not None else []
    parts += [f"carried by {good.carried_by}"] if good.carried_by else []
    parts += [f"assuming {each}" for each in good.assumed]
    return f"{', '.join(parts)} ({good.said})"


def _pool(pool: PoolResult) -> list[str]:
    share = "" if pool.share is None else f"{pool.share * 100:.1f} %"
    verdict = _worded(pool.verdict) + (f" ({pool.consequence})" if pool.consequence else "")
    who = f"  {pool.carrier}" if pool.carrier else ""
    return [
        f"  {_worded(pool.id):<18} {share:>8}  {verdict}{who}",
        *(_part(part) for part in pool.parts if part.used != 0),
    ]


def _part(part: Part) -> str:
    used = "not known" if part.used is None else _number(part.used)
    left = "not known" if part.left is None else _number(part.left)
    of = "not known" if part.limit is None else _number(part.limit)
    kinds = ", ".join(map(_worded, part.kinds[:3])) + (" …" if len(part.kinds) > 3 else "")
    return f"    {used} of {of} {part.unit}, {left} left: {kinds}"


def _row(row: Row) -> str:
    rate = ""
    if row.rate:
        per = row.rate.per_unit
        rate = f"{_number(row.rate.value)}" + (
            f" {row.rate.currency} for {_number(row.rate.per_quantity)} {per}" if per else ""
        )
        rate += " %" if not per and row.kind != "exchange" else ""
    amount = _money(row.amount) if row.amount else f"not known ({_worded(row.why or '')})"
    about = " ".join((_worded(row.kind), *row.goods, row.code or ""))
    return f"  {about:<32} {_money(row.base) if row.base else '':>14}  {rate:<28} {amount:>14}"


def _worded(code: str) -> str:
    return code.replace("_", " ")


def _number(number: Decimal) -> str:
    return f"{round(number, 4).normalize():,f}"


def _money(money: Money) -> str:
    return f"{money.amount:,.2f} {money.currency}"
