"""The classifier of wordings: what it learns, what it leaves to others, and that it never judges what it learned from."""

from __future__ import annotations

import numpy as np

from knowledge_base.index import letters
from knowledge_base.index.letters import Letters, out_of_fold

TEXTS = [
    "how much wine may i bring", "wine limit", "bottles of wine from italy",
    "how much cash may i carry", "cash limit", "declare cash at the airport",
    "can my dog come along", "dog papers", "vaccination of a dog",
]  # fmt: skip
OWNER = np.repeat([0, 1, 3], 3)  # the third entry has no questions


def test_a_wording_belongs_to_the_entry_whose_words_it_uses() -> None:
    fitted = Letters.fit(TEXTS, OWNER, 4)
    for text, entry in (("is there a limit on wines", 0), ("carrying cash", 1), ("dogs", 3)):
        decided = fitted.decide(text)
        assert decided.shape == (4,) and int(decided.argmax()) == entry
    assert fitted.decide("dogs")[2] == -1.0, "an entry without questions is no candidate"
    np.testing.assert_array_equal(fitted.decide(""), fitted.intercept)


def test_a_question_is_taken_apart_as_the_texts_were_that_it_learned_from() -> None:
    fitted = Letters.fit(TEXTS, OWNER, 4)
    for text in ("Wine, wine and\tMORE wine", "a", "¿cuánto  vino? нож 现金", "it's 40\u00a0l x-ray"):
        counts = letters._VECTORIZER.transform([text])
        counts.data = 1.0 + np.log(counts.data)
        values = counts.data * fitted.rarity[counts.indices]
        expected = values / np.linalg.norm(values) @ fitted.weights[counts.indices] + fitted.intercept
        np.testing.assert_allclose(fitted.decide(text), expected, atol=1e-5)


def test_it_comes_back_from_a_file_as_it_was(tmp_path) -> None:
    fitted = Letters.fit(TEXTS, OWNER, 4)
    fitted.save(tmp_path / "letters")
    np.testing.assert_array_equal(Letters.load(tmp_path / "letters").decide("wine"), fitted.decide("wine"))
    assert Letters.load(tmp_path / "none") is None


def test_two_entries_are_as_good_as_more() -> None:
    fitted = Letters.fit(TEXTS[:6], OWNER[:6], 2)
    assert int(fitted.decide("wine").argmax()) == 0 and int(fitted.decide("cash").argmax()) == 1


def test_nothing_to_tell_apart_or_too_much_is_left_alone(monkeypatch) -> None:
    assert Letters.fit(["wine", "wines"], np.zeros(2, dtype=np.int64), 1) is None
    monkeypatch.setattr(letters, "MOST_ENTRIES", 3)
    assert Letters.fit(TEXTS, OWNER, 4) is None and out_of_fold(TEXTS, OWNER, 4, np.arange(9)) is None


def test_out_of_fold_a_question_is_judged_by_what_others_say() -> None:
    texts = [*TEXTS, "xylophone"]  # a wording like no other: known by heart when it is learned from
    owner = np.append(OWNER, 2)
    assert Letters.fit(texts, owner, 4).decide("xylophone").argmax() == 2
    decided = out_of_fold(texts, owner, 4, np.arange(10))
    assert decided.shape == (10, 4) and decided[9].argmax() != 2
    assert (decided[:9].argmax(axis=1) == owner[:9]).mean() > 0.5
