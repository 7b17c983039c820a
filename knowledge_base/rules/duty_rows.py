"""The rows of one way to pay: customs values, duties and duties on top; excise, tax and fees follow from tax_rows."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from knowledge_base.rules.customs_value import Portion
from knowledge_base.rules.duty_charge import charge
from knowledge_base.rules.duty_conditions import among, holds
from knowledge_base.rules.duty_goods import DutyPart, GoodsRate
from knowledge_base.rules.duty_parts import AdditionalDuty, FlatRate, Preference
from knowledge_base.rules.duty_reliefs import Treated
from knowledge_base.rules.duty_setting import Setting, Way
from knowledge_base.rules.results import Rate, Row
from knowledge_base.rules.tax_rows import excise_rows, fee_rows, relieved, tax_rows


def rows(setting: Setting, way: Way) -> tuple[Row, ...]:
    """All rows but those of exchange."""
    found: list[Row] = []
    burden: list[Decimal | None] = []  # duties and excise of each portion: the tax is counted on them too
    kinds: dict[str, list[int]] = {}
    for number, treated in enumerate(setting.goods):
        portion = treated.portion
        found.append(_value_row(setting, portion))
        duties = _duty(setting, treated, way, number)
        if _by_kind(setting, treated, way):
            kinds.setdefault(setting.rate(portion).kind, []).append(number)  # type: ignore[union-attr]
            duties = []
        duties += _additional(setting, treated, way)
        duties += excise_rows(setting, treated, _sum(setting.value(portion), duties))
        found += duties
        burden.append(_sum(Decimal(0), duties))
    for kind, numbers in kinds.items():
        found.append(row := _kind_row(setting, kind, numbers))
        for number in numbers:  # each line of the kind bears its part of the amount
            part = None if row.amount is None else row.amount.amount / len(numbers)
            burden[number] = None if part is None or burden[number] is None else burden[number] + part  # type: ignore
    fees = fee_rows(setting, way)
    taxes = [row for number, treated in enumerate(setting.goods) for row in tax_rows(setting, treated, burden[number])]
    return tuple(found + taxes + fees)


def _sum(start: Decimal | None, charges: list[Row]) -> Decimal | None:
    if start is None or any(row.amount is None for row in charges):
        return None
    return start + sum((row.amount.amount for row in charges if row.amount), Decimal(0))


def _value_row(setting: Setting, portion: Portion) -> Row:
    value = setting.value(portion)
    return Row(
        "customs_value",
        setting.money(value),
        base=setting.money(portion.price),
        goods=(portion.line.id,),
        code=setting.rules.value.basis,
        why=None if value is not None else portion.why,
        sources=setting.rules.value.sources,
    )


def _duty(setting: Setting, treated: Treated, way: Way, number: int) -> list[Row]:
    portion, rate = treated.portion, setting.rate(treated.portion)
    blank = Row("duty", None, base=setting.money(setting.value(portion)), goods=(portion.line.id,))
    preferred = setting.preference(portion, way)
    if treated.free_of("duty") and treated.relief and not (preferred and treated.relief.instead):
        return [relieved(blank, treated.relief, setting)]
    if rate is None:
        return [replace(blank, why="goods_unknown" if portion.line.good is None else "rate_unknown")]
    blank = replace(blank, code=rate.code, sources=(rate.source,), as_of=rate.as_of)
    if among(portion.line.origin, setting.rules.other_rates_for):
        return [replace(blank, why="rate_unknown")]
    if preferred:
        return _preferred(setting, portion, rate, preferred, blank)
    if not rate.known:
        return [replace(blank, why="rate_unverified" if rate.status == "unverified" else "rate_in_words")]
    share = way.flat_share[number] if way.flat else Decimal(0)
    made = _flat_rows(setting, way.flat, portion, share, blank) if way.flat and share else []
    if share < 1:
        made += _parts(setting, rate.duty or (), portion, blank, 1 - share)
    return made


def _parts(
    setting: Setting, parts: tuple[DutyPart, ...], portion: Portion, blank: Row, share: Decimal = Decimal(1)
) -> list[Row]:
    """A row for each part of a duty, on `share` of the portion."""
    value = setting.value(portion)
    if share != 1:
        value = None if value is None else value * share
        portion = replace(portion, share=portion.share * share)
        blank = replace(blank, base=setting.money(value))
    return [
        replace(blank, amount=setting.money(found.amount), rate=found.rate, why=found.why)
        for found in (charge(part, portion, value) for part in parts)
    ]


def _preferred(setting: Setting, portion: Portion, rate: GoodsRate, preference: Preference, blank: Row) -> list[Row]:
    blank = replace(blank, sources=(*blank.sources, *preference.sources))
    if (own := _under(rate, preference)) is not None:
        return _parts(setting, own, portion, blank)
    assert preference.rate is not None  # Setting.preference saw to it
    return [setting.percent_row(preference.rate, setting.value(portion), portion, blank)]


def _under(rate: GoodsRate, preference: Preference) -> tuple[DutyPart, ...] | None:
    """The duty of the goods themselves under a preference; None where the preference's own rate holds."""
    own = rate.preference.get(preference.id)
    return rate.duty if own is None and preference.rate is None and rate.free else own


def _flat_rows(setting: Setting, flat: FlatRate, portion: Portion, share: Decimal, blank: Row) -> list[Row]:
    value = setting.value(portion)
    blank = replace(blank, code=f"flat:{flat.id}", sources=flat.sources, as_of=None)
    value = None if value is None else value * share
    return [setting.percent_row(flat.rate, value, portion, replace(blank, base=setting.money(value)))]


def _by_kind(setting: Setting, treated: Treated, way: Way) -> bool:
    """Is an amount for each kind of goods charged in place of the duty?"""
    if not treated.relief or not treated.relief.instead or setting.rate(treated.portion) is None:
        return False
    return setting.preference(treated.portion, way) is None


def _kind_row(setting: Setting, kind: str, numbers: list[int]) -> Row:
    relief = setting.goods[numbers[0]].relief
    assert relief and relief.instead
    amount = setting.book.money(relief.instead)
    return Row(
        "duty",
        amount,
        rate=Rate(amount.amount, amount.currency, "kind") if amount else None,
        goods=tuple(dict.fromkeys(setting.goods[number].portion.line.id for number in numbers)),
        code=kind,
        why=None if amount else "figure_unknown",
        figures=tuple(figure for figure in (relief.instead, relief.limit) if figure),
        sources=relief.sources,
    )


def _from_hit_country(origin: str | None, duty: AdditionalDuty) -> bool | None:
    if duty.origins:
        return among(origin, duty.origins)
    spared = among(origin, duty.not_origins) if duty.not_origins else False
    return None if spared is None else not spared


def _additional(setting: Setting, treated: Treated, way: Way) -> list[Row]:
    """Duties on top, by origin; a good that nobody looked up says that it is not known whether one names it."""
    portion, rate = treated.portion, setting.rate(treated.portion)
    if rate is None or (treated.free_of("duty") and not (treated.relief and treated.relief.instead)):
        return []
    value = setting.value(portion)
    blank = Row("additional_duty", None, base=setting.money(value), goods=(portion.line.id,), sources=(rate.source,))
    preference = setting.preference(portion, way)
    free = (*preference.free_of, *rate.spared_under.get(preference.id, ())) if preference else ()
    found: list[Row] = []
    unknown: list[Row] = []
    for duty in setting.rules.additional:
        origin = portion.line.origin
        hit = _from_hit_country(origin, duty)
        if (
            duty.id in free
            or hit is False
            or among(origin, rate.spared.get(duty.id, ()))
            or holds(duty.when, setting.consignment, setting.price, setting.book) is False
        ):
            continue
        if duty.goods == "listed" and rate.additional is not None and duty.id not in rate.additional:
            continue
        if duty.goods == "listed" and rate.additional is None or duty.goods == "unread" and hit:
            unknown.append(
                replace(blank, why="additional_unknown", code=duty.id if rate.additional is not None else None)
            )
        elif hit is None:
            unknown.append(replace(blank, why="origin_unknown"))
        else:
            row = replace(blank, code=duty.id, sources=(*blank.sources, *duty.sources))
            if duty.with_duty:
                found.append(_up_to(setting, duty, _ordinary(rate, preference), portion, row))
            else:
                found.append(setting.percent_row(duty.rate, value, portion, row))
    return found + unknown[:1]


def _ordinary(rate: GoodsRate, preference: Preference | None) -> Decimal | None:
    """The ordinary duty in per cent; None when it is not known, or not per cent alone."""
    own = _under(rate, preference) if preference else rate.duty if rate.known else None
    if own is None or any(part.percent is None or part.min or part.max for part in own):
        return None
    return sum((part.percent for part in own if part.percent is not None), Decimal(0))


def _up_to(setting: Setting, duty: AdditionalDuty, ordinary: Decimal | None, portion: Portion, row: Row) -> Row:
    """What is missing from the ordinary duty to the rate of `duty`."""
    whole = setting.book.number(duty.rate)
    row = replace(row, figures=(duty.rate,))
    if whole is None or ordinary is None:
        return replace(row, why="figure_unknown" if whole is None else "rate_unknown")
    found = charge(DutyPart(percent=max(whole - ordinary, Decimal(0))), portion, setting.value(portion))
    why = found.why or (None if found.amount is not None else "base_unknown")
    return replace(row, amount=setting.money(found.amount), rate=found.rate, why=why)
