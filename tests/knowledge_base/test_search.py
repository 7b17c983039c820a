"""From a question to a verdict, on vectors of one axis a keyword (fakes.py)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from knowledge_base import search
from knowledge_base.answer_text import fill
from knowledge_base.index.scope import Gate
from knowledge_base.model import Figure
from knowledge_base.search import ANSWER_ANYWAY_AT, MOST_CHOICES, SHOWN, Question, Searcher
from tests.knowledge_base.fakes import AxisEncoder, entry, release, shelf

KEYWORDS = ("wine", "beer", "cash", "gold", "dog")
DAY = date(2026, 11, 21)


def goods(name: str, **changed: dict) -> list:
    """An entry for each keyword; `changed` by keyword: other fields, or None to leave it out."""
    return [
        entry(f"{name}.goods.{word}", word, **(changed.get(word) or {}))
        for word in KEYWORDS
        if changed.get(word, {}) is not None
    ]


def searcher(*shelves) -> Searcher:
    return Searcher(release(*(shelves or [shelf("zz", goods("zz"))])), AxisEncoder())


def ask(text: str, of: Searcher | None = None, **more):
    return (of or searcher()).search(Question(text, **({"administration": "zz", "date": DAY} | more)))


def test_the_entry_of_the_keyword_answers() -> None:
    found = ask("may i bring gold")
    assert found.verdict.kind == "answer" and found.verdict.entries[0].id == "zz.goods.gold"
    best = found.candidates[0]
    assert best.phrasing in {"gold limit", "how much gold", "gold allowed"} and best.best_question == pytest.approx(1.0)
    assert len(found.candidates) == SHOWN and best.probability > 0.99 > 0.5 > found.candidates[1].probability
    assert found.seconds["encode"] >= 0 and found.seconds["find"] >= 0


def test_what_may_not_be_meant_comes_with_the_next_entry(monkeypatch) -> None:
    assert len(ask("may i bring gold").verdict.entries) == 1, "surely meant"
    monkeypatch.setattr(search, "SURELY_MEANT_AT", 1.01)
    found = ask("may i bring gold")
    second = max(found.candidates[1:], key=lambda candidate: candidate.score).entry
    assert found.verdict.kind == "answer" and [each.id for each in found.verdict.entries] == ["zz.goods.gold", second.id]


def test_crooked_sums_of_money_are_compared_alike() -> None:
    one, other = (ask(f"cash of {amount} euros") for amount in ("23,417", "23188"))
    assert one.read_as == other.read_as == "cash of 23000 euros"


def test_between_two_that_fit_alike_it_asks_back() -> None:
    verdict = ask("wine and cash").verdict
    assert (verdict.kind, verdict.reason) == ("ask_back", "which_entry")
    assert {each.id for each in verdict.entries[:2]} == {"zz.goods.wine", "zz.goods.cash"}
    assert len(verdict.entries) <= MOST_CHOICES


def test_a_customs_question_without_an_entry_is_no_guidance() -> None:
    verdict = ask("what about fireworks").verdict
    assert (verdict.kind, verdict.reason, verdict.entries) == ("decline", "no_guidance", ())


@pytest.mark.parametrize(("text", "reason"), [("do i need a visa", "out_of_scope"), ("where do i hide it", "unlawful")])
def test_what_is_outside_is_declined_by_its_reason(text: str, reason: str) -> None:
    verdict = ask(text).verdict
    assert (verdict.kind, verdict.reason) == ("decline", reason)


def test_an_entry_that_surely_answers_outweighs_a_gate_that_sees_another_subject() -> None:
    found = ask("gold visa")
    assert found.candidates[0].probability >= ANSWER_ANYWAY_AT
    assert (found.verdict.kind, found.verdict.entries[0].id) == ("answer", "zz.goods.gold")


def test_no_entry_is_offered_for_a_wrong_deed() -> None:
    found = ask("hide gold")
    assert (found.verdict.kind, found.verdict.reason) == ("decline", "unlawful")
    assert found.candidates[0].entry.id == "zz.goods.gold" and found.candidates[0].probability > 0.9


def test_an_entry_that_fits_speaks_for_a_customs_question() -> None:
    one, none = ask("gold"), ask("fireworks")
    assert one.scope["in_scope"] > none.scope["in_scope"]
    assert sum(one.scope.values()) == pytest.approx(1.0)


def test_without_an_administration_it_asks_which() -> None:
    both = searcher(shelf("zz", goods("zz")), shelf("yy", goods("yy")))
    verdict = ask("gold limit", both, administration=None).verdict
    assert (verdict.kind, verdict.reason) == ("ask_administration", "which_administration")
    assert verdict.administrations == ("zz", "yy"), "in the order of the release"


def test_without_an_administration_only_one_may_have_it() -> None:
    both = searcher(shelf("zz", goods("zz")), shelf("yy", goods("yy", gold=None)))
    verdict = ask("gold limit", both, administration=None).verdict
    assert verdict.kind == "answer" and verdict.entries[0].id == "zz.goods.gold"


def test_the_only_administration_needs_no_asking() -> None:
    assert ask("gold limit", administration=None).verdict.kind == "answer"


def test_an_unknown_administration_is_an_error_by_name() -> None:
    with pytest.raises(KeyError, match="xx"):
        ask("gold", administration="xx")


@pytest.mark.parametrize(
    ("effective", "day", "kind"),
    [
        ({"from": date(2027, 1, 1)}, date(2026, 12, 31), "decline"),
        ({"from": date(2027, 1, 1)}, date(2027, 1, 1), "answer"),
        ({"until": date(2026, 6, 30)}, date(2026, 6, 30), "answer"),
        ({"until": date(2026, 6, 30)}, date(2026, 7, 1), "decline"),
    ],
)
def test_an_entry_answers_only_on_its_days(effective: dict, day: date, kind: str) -> None:
    found = ask("gold limit", searcher(shelf("zz", goods("zz", gold={"effective": effective}))), date=day)
    assert found.verdict.kind == kind
    assert ("zz.goods.gold" in [each.entry.id for each in found.candidates]) == (kind == "answer")


def test_an_entry_for_traders_is_not_for_travellers() -> None:
    of = searcher(shelf("zz", goods("zz", gold={"audience": "trader"})))
    assert ask("gold limit", of, audience="traveller").verdict.kind == "decline"
    assert ask("gold limit", of, audience="trader").verdict.kind == "answer"
    assert ask("gold limit", of, audience=None).verdict.kind == "answer"


def test_an_empty_shelf_and_an_empty_release_decline() -> None:
    assert ask("gold limit", searcher(shelf("zz", []))).verdict.reason == "no_guidance"
    assert Searcher(release(), AxisEncoder()).search(Question("gold limit", date=DAY)).verdict.reason == "no_guidance"
    assert Searcher(release(), AxisEncoder()).search(Question("a visa", date=DAY)).verdict.reason == "out_of_scope"


def test_the_figure_of_the_day_is_filled_in() -> None:
    figure = Figure.model_validate(
        {
            "id": "zz.gold.grams",
            "label": "Gold",
            "unit": "g",
            "source": "page",
            "status": "verified",
            "valid": [{"until": date(2026, 12, 31), "value": 50}, {"from": date(2027, 1, 1), "value": 80}],
        }  # fmt: skip
    )
    of = searcher(shelf("zz", goods("zz", gold={"answer": "Up to {zz.gold.grams} of gold."}), [figure]))
    for day, value in ((DAY, Decimal(50)), (date(2027, 1, 1), Decimal(80))):
        found = ask("gold limit", of, date=day).verdict.entries[0]
        assert f"{value}" in fill(found.answer, of.release.shelves["zz"].figures, day, "en")


def test_slang_is_asked_with_its_plain_name() -> None:
    of = searcher()
    assert ask("a bottle of prosecco please", of).verdict.entries[0].id == "zz.goods.wine"
    assert of._encoder.asked == ["a bottle of prosecco (wine) please"]


@pytest.mark.parametrize("text", ["", " ", "?!", "x" * 1000, "\u0000\ufffd", "😀", "gold " * 200])
def test_odd_text_gets_a_verdict(text: str) -> None:
    assert ask(text).verdict.kind in {"answer", "ask_back", "decline"}


EUROPEAN, OTHERS = {"coming_from": {"only": ["EU"]}}, {"coming_from": {"not": ["EU"]}}


@pytest.mark.parametrize(("origin", "expected"), [("FR", "zz.goods.wine"), ("IN", "zz.goods.beer"), ("CH", "zz.goods.beer")])
def test_of_two_entries_for_other_origins_the_fitting_one_answers(origin: str, expected: str) -> None:
    entries = goods("zz", wine=EUROPEAN, beer=OTHERS)
    verdict = ask("wine and beer", searcher(shelf("zz", entries)), origin=origin).verdict
    assert (verdict.kind, verdict.entries[0].id) == ("answer", expected)


def test_without_an_origin_both_are_offered() -> None:
    verdict = ask("wine and beer", searcher(shelf("zz", goods("zz", wine=EUROPEAN, beer=OTHERS)))).verdict
    assert {each.id for each in verdict.entries[:2]} == {"zz.goods.wine", "zz.goods.beer"}


@pytest.mark.parametrize("given", [{"only": ["Europe"]}, {"only": ["EU"], "not": ["FR"]}, {}])
def test_an_origin_that_says_nothing_is_refused(given: dict) -> None:
    with pytest.raises(ValueError, match="Europe|either only or not"):
        entry("zz.goods.wine", "wine", coming_from=given)


def test_the_gate_is_told_the_whole_of_what_the_encoder_gives_and_entries_its_vector(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deep(AxisEncoder):
        gate_dimension = AxisEncoder.dimension + 2

        def encode_for_gate(self, texts: list[str]) -> np.ndarray:
            return np.hstack([super().encode_for_gate(texts), np.full((len(texts), 2), 7.0, dtype=np.float32)])

    judged = []
    monkeypatch.setattr(Gate, "probabilities", lambda gate, vector: judged.append(vector) or {})
    held = release(shelf("zz", goods("zz")))
    plain, deep = (Searcher(held, encoder).search(Question("wine")) for encoder in (AxisEncoder(), Deep()))
    assert [each.score for each in deep.candidates] == [each.score for each in plain.candidates]
    np.testing.assert_array_equal(judged[1], [*judged[0], 7.0, 7.0])


def test_words_are_read_beside_the_encoder_only_for_a_question_that_is_alone() -> None:
    class Noting(AxisEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.meanwhile: Callable[[], object] = lambda: None

        def encode_query(self, texts: list[str]) -> np.ndarray:
            self.meanwhile()
            return super().encode_query(texts)

    own, threads = Noting(), []
    asked = Searcher(release(shelf("zz", goods("zz"))), own)
    read = asked._read
    asked._read = lambda *told: threads.append(threading.current_thread()) or read(*told)
    here = threading.current_thread()
    asked.search(Question("wine"))
    assert threads[0] is not here

    def another_asks() -> None:
        own.meanwhile = lambda: None
        asked.search(Question("beer"))

    own.meanwhile = another_asks
    asked.search(Question("wine and beer"))
    assert len(threads) == 3 and threads.count(here) == 1


def when_done(monkeypatch: pytest.MonkeyPatch, name: str) -> threading.Event:
    """Set when a method of the searcher has been called for the first time."""
    done, method = threading.Event(), getattr(Searcher, name)

    def noted(*arguments: object) -> object:
        result = method(*arguments)
        done.set()
        return result

    monkeypatch.setattr(Searcher, name, noted)
    return done


def test_the_words_of_a_lone_question_are_read_beside_the_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    read = when_done(monkeypatch, "_read")

    class Waiting(AxisEncoder):
        def encode_query(self, texts: list[str]) -> np.ndarray:
            assert read.wait(10), "nothing was read before the encoder was done"
            return super().encode_query(texts)

    asked = Searcher(release(shelf("zz", goods("zz"))), Waiting())
    assert asked.search(Question("wine")).candidates


def test_what_fails_beside_fails_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Searcher(release(shelf("zz", goods("zz"))), AxisEncoder())
    monkeypatch.setattr(Searcher, "_read", lambda *_: 1 / 0)
    for _ in range(2):  # and the next search is not held up by it
        with pytest.raises(ZeroDivisionError):
            asked.search(Question("wine"))


def test_one_turn_searches_once_for_one_thing_and_little_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge_base.search._REMEMBERED", 2)
    asked = searcher(shelf("zz", goods("zz")))
    first = asked.search(Question("wine", "zz", date=date(2026, 1, 1)))
    assert asked.search(Question("wine", "zz", date=date(2026, 1, 1))) is first
    assert asked.search(Question("wine", "zz", date=date(2026, 1, 2))) is not first
    assert asked.search(Question("wine", "zz", date=date(2026, 1, 1), origin="FR")) is not first
    assert asked.search(Question("wine", "zz", date=date(2026, 1, 1))) is not first, "two had been asked since"
    assert len(asked._recent) <= 2


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("wine limit? call me +44 7700 900123", "wine limit? call me"),
        ("wine limit? 00971 50 123 4567 ok", "wine limit? ok"),
        ("code 8471300100 for wine", "code 8471300100 for wine"),
        ("wine +2 bottles", "wine +2 bottles"),
    ],
)
def test_a_telephone_number_is_not_part_of_what_is_asked(told: str, read: str) -> None:
    asked = searcher(shelf("zz", goods("zz")))
    assert " ".join(asked.read_as(Question(told, "zz")).split()) == read
