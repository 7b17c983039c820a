"""A figure with another value from some day on, or with a wrong value put right: the periods before and after stay what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import ValidationError

from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.model import Figure, Period, Source
from knowledge_base.objections import objection
from knowledge_base.said import Said

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FigureEdit:
    """What somebody wants of a figure: `value` (None: unknown) from the day `start` to `until`, by the page `source`.

    Without `start` the value that holds today was wrong and is put right for the whole of its period. With `until` the value of before
    holds again afterwards. `source` and `status` None leave those of the figure.
    """

    figure: str
    value: Decimal | date | str | None
    start: date | None = None
    until: date | None = None
    source: str | None = None
    status: Literal["verified", "conflicting", "unverified"] | None = None


def edited(figure: Figure, edit: FigureEdit, sources: dict[str, Source], today: date) -> Figure:
    """`figure` as it is after `edit`. Raises `ChangeRefused` for days, values and sources that do not fit."""
    if edit.source is not None and edit.source not in sources:
        raise ChangeRefused(
            Said(
                "{figure}: there is no source {source!r}; add the page to the sources first, or name one of them.",
                figure=figure.id,
                source=edit.source,
            )
        )
    periods = _corrected(figure, edit, today) if edit.start is None else _from_day(figure, edit, edit.start)
    data = figure.model_dump(by_alias=True) | {
        "valid": [period.model_dump(by_alias=True) | {"value": _plain(period.value)} for period in periods],
        "conflict": [each.model_dump() | {"value": _plain(each.value)} for each in figure.conflict],
    }
    data |= {key: value for key, value in (("source", edit.source), ("status", edit.status)) if value}
    if edit.status and edit.status != "conflicting":
        data["conflict"] = []
    try:
        after = Figure.model_validate(data)
    except ValidationError as error:
        told = objection(error.errors(include_url=False)[0])
        raise ChangeRefused(
            Said("{figure}: {value}: {told}", figure=figure.id, value=_said(edit.value), told=told)
        ) from None
    if after == figure:
        raise ChangeRefused(
            Said(
                "{figure} is {value} already on those days; nothing would change.",
                figure=figure.id,
                value=_said(edit.value),
            )
        )
    return after


def _corrected(figure: Figure, edit: FigureEdit, today: date) -> list[Period]:
    if edit.until is not None:
        raise ChangeRefused(
            Said(
                "{figure}: an end ({until}) needs a first day too; say from when the value holds.",
                figure=figure.id,
                until=edit.until,
            )
        )
    if not any(period.holds_on(today) for period in figure.valid):
        raise ChangeRefused(
            Said(
                "{figure} has no value on {today} that could be put right; say from which day the new one holds.",
                figure=figure.id,
                today=today,
            )
        )
    return [_period(each.start, each.until, edit.value) if each.holds_on(today) else each for each in figure.valid]


def _from_day(figure: Figure, edit: FigureEdit, start: date) -> list[Period]:
    """The periods with the new one cut into them. What was set before for later days is kept, an end without a successor too."""
    if edit.until is not None and edit.until < start:
        raise ChangeRefused(
            Said(
                "{figure}: the end {until} is before the first day {start}; correct one of them.",
                figure=figure.id,
                until=edit.until,
                start=start,
            )
        )
    ends_before = [each.until for each in figure.valid if each.until is not None and each.holds_on(start)]
    ends_before += [each.start - _DAY for each in figure.valid if each.start is not None and each.start > start]
    until = edit.until or min(ends_before, default=None)
    kept: list[Period] = []
    for each in figure.valid:
        if each.start is None or each.start < start:
            ends = min(filter(None, (each.until, start - _DAY)))
            kept.append(_period(each.start, ends, each.value))
        if until is not None and (each.until is None or each.until > until):
            begins = max(filter(None, (each.start, until + _DAY)))
            kept.append(_period(begins, each.until, each.value))
    kept.append(_period(start, until, edit.value))
    return _joined(sorted(kept, key=lambda each: each.start or date.min))


def _joined(periods: list[Period]) -> list[Period]:
    """Periods that follow one another with the same value are one."""
    found: list[Period] = []
    for each in periods:
        last = found[-1] if found else None
        if (
            last
            and last.value == each.value
            and type(last.value) is type(each.value)
            and last.until
            and last.until + _DAY == each.start
        ):
            found[-1] = _period(last.start, each.until, each.value)
        else:
            found.append(each)
    return found


def _period(start: date | None, until: date | None, value: Decimal | date | str | None) -> Period:
    return Period.model_validate({"from": start, "until": until, "value": _plain(value)})


def _plain(value: Decimal | date | str | None) -> Decimal | date | str:
    return "unknown" if value is None else value


def _said(value: Decimal | date | str | None) -> str:
    return Said("unknown") if value is None else str(value)
