"""What a changed figure moves: on the packs that are served, so that every kind of use is there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from knowledge_base.answer_text import figures_in
from knowledge_base.changes import figure_changes
from knowledge_base.exchange.errors import ChangeRefused
from knowledge_base.exchange.figure_edit import FigureEdit
from knowledge_base.exchange.figure_uses import left_behind
from knowledge_base.exchange.impact import figure_change, with_figure
from knowledge_base.exchange.sample_sums import catalogue, reckon
from tests.knowledge_base.exchange.packs import pack

TODAY = date(2026, 11, 22)
LATER = date(2027, 1, 1)


def change(figure: str, value: object, **more: object):
    mine = pack(figure.split(".")[0])
    edit = FigureEdit(figure, value if value is None else Decimal(str(value)), **more)  # type: ignore[arg-type]
    return figure_change({mine.administration.id: mine}, edit, TODAY)


def test_every_text_that_prints_the_figure_and_no_other():
    impact = change("gb.alcohol.beer", 45)
    texts = {
        (entry.id, language)
        for entry in pack("gb").entries.values()
        for language, text in [("en", entry.answer), *((name, t.answer) for name, t in entry.translations.items())]
        if "gb.alcohol.beer" in figures_in(text)
    }
    assert {(move.entry, move.language) for move in impact.answers} == texts and len(texts) >= 2
    english = next(move for move in impact.answers if move.language == "en")
    assert "42 litres" in english.before and "42 litres" not in english.after and "45 litres" in english.after


def test_a_value_of_today_moves_today_and_is_not_announced():
    impact = change("gb.alcohol.beer", 45)
    assert (impact.day, impact.old, impact.new, impact.announced_from) == (TODAY, 42, 45, None)


def test_a_value_of_a_later_day_goes_live_by_itself_and_is_announced():
    impact = change("gb.alcohol.beer", 45, start=LATER)
    assert impact.day == LATER and all(move.day == LATER for move in impact.answers)
    assert [impact.after.value_on(day) for day in (date(2026, 12, 31), LATER)] == [42, 45]
    assert impact.announced_from == TODAY
    (told,) = figure_changes([impact.after], impact.announced_from)
    assert (told.day, told.value) == (LATER, 45)
    far = change("gb.alcohol.beer", 45, start=date(2027, 6, 1))
    assert figure_changes([far.after], far.announced_from) and not figure_changes([far.after], TODAY)


def test_an_unknown_value_makes_answers_say_so():
    move = change("gb.alcohol.beer", None).answers[0]
    assert "not known" in move.after


def test_sums_that_move_are_those_that_the_catalogue_reckons_otherwise():
    impact = change("gb.alcohol.beer", 30)
    (move,) = [each for each in impact.sums if each.sum.id == "gb_beer_exactly"]
    assert ("verdict",) in [line.about for line in move.lines]
    changed = with_figure(pack("gb"), impact.after)
    moved = {
        each.id
        for each in catalogue()
        if each.administration == "gb" and reckon(each, pack("gb"), TODAY) != reckon(each, changed, TODAY)
    }
    assert {each.sum.id for each in impact.sums} == moved


@pytest.mark.parametrize(
    ("figure", "value", "kind"),
    [("gb.alcohol.beer", 30, "allowance"), ("ae.cash.threshold", 50_000, "cash"), ("gb.parcel.duty_from", 100, "duty")],
)
def test_every_kind_of_sum_and_its_rule(figure, value, kind):
    impact = change(figure, value)
    assert kind in {move.sum.kind for move in impact.sums}
    assert impact.rules and all(use.place.split(" › ")[-1] not in ("main", "entry") for use in impact.rules)


def test_another_source_alone_moves_no_words():
    mine = pack("gb")
    other = next(name for name in mine.sources if name != mine.figures["gb.alcohol.beer"].source)
    impact = change("gb.alcohol.beer", 42, source=other)
    assert (impact.answers, impact.sums, impact.after.source) == ((), (), other)


def test_words_that_tell_the_value_by_hand():
    entry = next(entry for entry in pack("gb").entries.values() if "{gb.alcohol.beer}" in entry.answer)
    written = entry.model_copy(
        update={"answer": entry.answer + "\n\nSee {=the 42 litre rule}.", "title": "Is 42 L of beer free?"}
    )
    mine = pack("gb").model_copy(update={"entries": {entry.id: written}})
    found = {(each.key, each.words) for each in left_behind(mine, mine.figures["gb.alcohol.beer"], Decimal(42))}
    assert found == {("answer", "the 42 litre rule"), ("title", "Is 42 L of beer free?")}
    assert not list(left_behind(mine, mine.figures["gb.alcohol.beer"], Decimal(43)))


def test_faults_that_the_change_would_make():
    """A figure without a value on the day on which an entry needs it keeps the pack from being built."""
    impact = change("gb.alcohol.beer", 45, status="unverified")
    assert any("unverified" in str(fault) for fault in impact.faults)
    assert change("gb.alcohol.beer", 45).faults == ()


@pytest.mark.parametrize("name", ["gb.alcohol.bear", "zz.alcohol.beer", "", "gb"])
def test_a_figure_that_is_none(name):
    with pytest.raises(ChangeRefused, match="There is no figure"):
        figure_change({"gb": pack("gb")}, FigureEdit(name, Decimal(1)), TODAY)


def test_every_figure_of_every_rule_can_be_changed():
    """No figure that a rule reads breaks the sums, whatever it becomes."""
    for administration in ("ae", "us"):
        mine = pack(administration)
        used = sorted({name for rules in mine.rules.values() for name in rules.figures()})
        for name in used[:: max(1, len(used) // 6)]:
            value = mine.figures[name].value_on(TODAY) if mine.figures[name].valid[-1].until is None else None
            if isinstance(value, Decimal):
                impact = change(name, value + 1)
                assert impact.new == value + 1 and impact.rules
