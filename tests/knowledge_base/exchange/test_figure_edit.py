"""A figure with another value: the periods around it stay what they are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.exchange.figure_edit import FigureEdit, edited
from knowledge_base.model import Figure, Source

TODAY = date(2026, 11, 22)
ID = "qm.gift.limit"
SOURCES = {
    "page": Source.model_validate(
        {"id": "page", "title": "P", "publisher": "P", "url": "https://example.org/", "kind": "official", "as_of": "undated", "checked": TODAY}
    )
}  # fmt: skip


def figure(*valid: dict, **more: object) -> Figure:
    given_ = {"id": ID, "label": "Gift", "unit": "L", "valid": list(valid), "source": "page", "status": "verified"}
    return Figure.model_validate(given_ | more)


def periods(changed: Figure) -> list[tuple[str, str, str]]:
    return [(str(each.start or ""), str(each.until or ""), str(each.value)) for each in changed.valid]


def change(before: Figure, value: object, **more: object) -> Figure:
    return edited(before, FigureEdit(ID, value if value is None else Decimal(str(value)), **more), SOURCES, TODAY)  # type: ignore[arg-type]


def test_a_later_value_ends_the_one_before():
    after = change(figure({"value": 4}), 5, start=date(2027, 1, 1))
    assert periods(after) == [("", "2026-12-31", "4"), ("2027-01-01", "", "5")]


def test_a_wrong_value_is_put_right_for_its_whole_period():
    before = figure(
        {"until": "2020-12-31", "value": 1},
        {"from": "2021-01-01", "until": "2026-12-31", "value": 4},
        {"from": "2027-01-01", "value": 9},
    )
    assert periods(change(before, 5)) == [
        ("", "2020-12-31", "1"),
        ("2021-01-01", "2026-12-31", "5"),
        ("2027-01-01", "", "9"),
    ]


def test_what_was_set_for_later_is_kept():
    before = figure({"until": "2027-05-31", "value": 4}, {"from": "2027-06-01", "value": 6})
    assert periods(change(before, 5, start=date(2027, 1, 1))) == [
        ("", "2026-12-31", "4"), ("2027-01-01", "2027-05-31", "5"), ("2027-06-01", "", "6"),
    ]  # fmt: skip
    ending = figure({"until": "2027-05-31", "value": 4})
    assert periods(change(ending, 5, start=date(2027, 1, 1)))[-1] == ("2027-01-01", "2027-05-31", "5")


def test_for_a_while_and_then_as_before():
    after = change(figure({"value": 4}), 5, start=date(2027, 1, 1), until=date(2027, 1, 31))
    assert periods(after) == [("", "2026-12-31", "4"), ("2027-01-01", "2027-01-31", "5"), ("2027-02-01", "", "4")]


def test_the_same_first_day_replaces_the_value():
    before = figure({"until": "2026-12-31", "value": 4}, {"from": "2027-01-01", "value": 6})
    assert periods(change(before, 7, start=date(2027, 1, 1))) == [("", "2026-12-31", "4"), ("2027-01-01", "", "7")]


def test_unknown_is_a_value_and_zero_another():
    assert change(figure({"value": 4}), None).value_on(TODAY) is None
    assert change(figure({"value": 4}), 0).value_on(TODAY) == 0


def test_source_and_status_go_with_it():
    conflict = [{"value": 9, "source": "page"}]
    before = figure({"value": 4}, status="conflicting", conflict=conflict, source="older")
    after = change(before, 5, source="page", status="verified")
    assert (after.source, after.status, after.conflict) == ("page", "verified", [])
    assert change(before, 5).conflict == before.conflict


@pytest.mark.parametrize(
    ("value", "more", "told"),
    [
        (4, {}, "is 4 already"),
        (4, {"start": date(2027, 1, 1)}, "is 4 already"),
        (5, {"source": "nowhere"}, "no source 'nowhere'"),
        (5, {"until": date(2027, 1, 1)}, "needs a first day"),
        (5, {"start": date(2027, 1, 2), "until": date(2027, 1, 1)}, "before the first day"),
        (5, {"status": "conflicting"}, "lists no other value"),
    ],
)
def test_what_does_not_fit_is_refused(value, more, told):
    with pytest.raises(ChangeRefused, match=told) as refused:
        change(figure({"value": 4}), value, **more)
    assert ID in str(refused.value)


def test_nothing_to_put_right_before_the_first_day():
    with pytest.raises(ChangeRefused, match="no value on 2026-11-22"):
        change(figure({"from": "2027-01-01", "value": 4}), 5)


_BASE = date(2026, 1, 1)


@given(
    st.lists(st.integers(1, 300), min_size=0, max_size=4, unique=True), st.integers(0, 400), st.integers(0, 60) | st.none(), st.integers(0, 420)
)  # fmt: skip
def test_only_the_days_that_were_meant_change(bounds, start, length, probe):
    """Whatever the periods: inside the new one the new value, on every other day the one of before."""
    starts = [None, *(_BASE + timedelta(days=bound) for bound in sorted(bounds))]
    ends = [each - timedelta(days=1) for each in starts[1:] if each] + [None]
    before = figure(*({"from": s, "until": e, "value": number} for number, (s, e) in enumerate(zip(starts, ends), 1)))
    first = _BASE + timedelta(days=start)
    last = None if length is None else first + timedelta(days=length)
    after = change(before, 99, start=first, until=last)
    day = _BASE + timedelta(days=probe)
    following = next((each for each in starts[1:] if each and each > first), None)
    meant = day >= first and (day <= last if last else following is None or day < following)
    assert after.value_on(day) == (99 if meant else before.value_on(day))
