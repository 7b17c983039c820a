"""Personal data goes, the figures of customs stay: a labelled set in eight languages, and any text at all."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from customs.asked.collecting import words_in
from customs.asked.common_words import common_words
from customs.asked.redaction import KINDS, redact, spans, without
from customs.settings import ROOT

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "redaction_cases.yml").read_text(encoding="utf-8"))
SECOND = yaml.safe_load((HERE / "redaction_second_set.yml").read_text(encoding="utf-8"))
MARKED = [(language, text) for language, texts in CASES.items() for text in texts]
# On the set it was written with both are 1. Less is allowed for what comes to the set before the words follow.
LEAST_RECALL, LEAST_PRECISION = 0.98, 0.98


def unmark(marked: str) -> tuple[str, set[int]]:
    """The text and the places of its characters that must go."""
    text, gone, inside = [], set(), False
    for char in marked:
        if char in "⟦⟧":
            inside = char == "⟦"
            continue
        if inside:
            gone.add(len(text))
        text.append(char)
    return "".join(text), gone


def measured(cases: dict[str, list[str]]) -> dict[str, tuple[int, int, int, int]]:
    """By language: characters removed rightly, removed wrongly, left wrongly, left rightly; blanks and marks between do not count."""
    counts = {}
    for language, marked in ((language, text) for language, texts in cases.items() for text in texts):
        text, wanted = unmark(marked)
        removed = {place for start, end, _ in spans(text) for place in range(start, end)}
        solid = {place for place, char in enumerate(text) if char.isalnum()}
        found = (
            removed & wanted & solid,
            removed - wanted & solid,
            (wanted - removed) & solid,
            solid - wanted - removed,
        )
        counts[language] = tuple(map(sum, zip(counts.get(language, (0, 0, 0, 0)), map(len, found))))
    return counts


def test_the_set_is_large_enough_and_speaks_every_language():
    assert len(MARKED) >= 120
    assert set(CASES) == {"ar", "en", "es", "fr", "hi", "ru", "ur", "zh"}
    assert all(sum("⟦" in text for text in texts) >= 8 for texts in CASES.values())


@pytest.mark.parametrize(("language", "marked"), MARKED, ids=[text[:60] for _, text in MARKED])
def test_what_must_go_goes_and_the_rest_stays(language, marked):
    text, gone = unmark(marked)
    expected = [part for part in re.split("⟦.*?⟧", marked)]
    made = re.split(r"\[(?:" + "|".join(KINDS) + r")\]", redact(text).text)
    assert [part.strip(" ,") for part in made] == [part.strip(" ,") for part in expected]


def test_precision_and_recall_in_each_language():
    for language, (right, wrong, left, _) in measured(CASES).items():
        assert right / (right + left) >= LEAST_RECALL, language
        assert right / (right + wrong) >= LEAST_PRECISION, language


def test_the_second_set_is_large_and_half_of_it_holds_nothing_personal():
    texts = [text for each in SECOND.values() for text in each]
    assert len(texts) >= 150 and set(SECOND) == set(CASES) and not set(texts) & {text for _, text in MARKED}
    assert 0.45 <= sum("⟦" not in text for text in texts) / len(texts) <= 0.55


def test_of_the_second_set_what_must_go_goes_and_little_else():
    for language, (right, wrong, left, stayed) in measured(SECOND).items():
        assert right / (right + left) >= 0.95, language
        assert wrong / (wrong + stayed) <= 0.02, language


def test_the_sets_that_were_measured_at_first_sight_do_not_get_worse():
    for name, least in (("third", 0.95), ("fourth", 0.95), ("fifth", 0.83)):
        cases = yaml.safe_load((HERE / f"redaction_{name}_set.yml").read_text(encoding="utf-8"))
        right, wrong, left, stayed = map(sum, zip(*measured(cases).values()))
        assert right / (right + left) >= least, name
        assert wrong / (wrong + stayed) <= 0.005, name


def test_questions_that_no_rule_was_made_with_stay_as_they_are():
    asked, found = 0, {}
    for file in sorted((ROOT / "data" / "evaluation").rglob("*.yml")):
        for text in re.findall(r"(?m)^\s*-? ?(?:question|text): *(.+)$", file.read_text(encoding="utf-8")):
            asked += 1
            if names := [
                text[start:end]
                for start, end, kind in spans(text)
                if kind in {"name", "address", "flight", "booking", "birth"}
            ]:
                found[text] = names
    assert len(found) <= asked / 400, found


@pytest.mark.parametrize(
    "text",
    [
        "a bottle of Jack Daniel's, one Johnnie Walker and a Ralph Lauren shirt",
        "from Charles de Gaulle to King Abdulaziz airport with Michael Kors bags",
        "my wife Swedish, my son PlayStation 5 and my brother in law have 2 kg",
        "我妻子可以带两条烟吗，我儿子还有一瓶酒",
        "two or three or four or five bottles of wine",
        "一二三四五公斤",
        "I live at the airport, how far is the red channel",
        "booking a tour for AED500 and 2 EUR50 tickets, flight at 18:45 takes 3 h",
        "form C2100, CBP 6059B and ATA carnet 12 boxes of 500ML",
    ],
)
def test_what_only_looks_personal_stays(text):
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("booking X7KQ2M on BA 117", "booking [booking] on BA 117"),
        ("flight ek 202, pnr abc1de", "flight [flight], pnr [booking]"),
        ("call zero seven double nine one two three", "call [phone]"),
        ("write to jane dot roe at example dot com", "write to [email]"),
        ("手机13820475519，三瓶酒", "手机[phone]，三瓶酒"),
        ("my account ES91 2100 0418 4502 0005 1332 para 5", "my account [iban] para 5"),
    ],
)
def test_what_is_written_in_its_own_way_goes_too(text, made):
    assert redact(text).text == made


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_can_be_redacted_and_a_second_time_changes_nothing(text):
    once = redact(text).text
    assert redact(once).text == once


SENSITIVE = st.sampled_from(["jane.roe@example.com", "+44 7700 900123", "K1234567", "GB82 WEST 1234 5698 7654 32", "RR123456785CN",
                             "4111 1111 1111 1111", "784-1990-1234567-1"])  # fmt: skip
FIGURES = st.sampled_from(
    ["HS 8517.13.00", "AED 60,000", "200 cigarettes", "CBP 6059B", "5%", "2026-11-22", "10 000 euros", "C88", "CN23"]
)


@given(
    st.lists(
        st.one_of(SENSITIVE.map(lambda text: (text, True)), FIGURES.map(lambda text: (text, False))),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=200, deadline=None)
def test_in_any_order_each_number_goes_and_each_figure_stays(pieces):
    made = redact("; ".join(text for text, _ in pieces)).text
    for text, personal in pieces:
        assert (text in made) is not personal, made


def test_a_reply_loses_what_its_question_lost():
    removed = redact("my name is Jane Roe, 2 litres").removed
    assert without("Jane Roe may bring 2 litres.", removed) == "[removed] may bring 2 litres."


def test_the_common_words_are_those_of_questions_in_every_script():
    assert {"cigarettes", "سيجارة", "сигарет", "dubai", "москва", "लंदन"} <= common_words()
    assert words_in("L'état: 3 сигареты, क्या؟ ८") == ["l'état", "сигареты", "क्या"]


@pytest.mark.parametrize(
    "piece",
    ["1 ", "A1", "A-", "0", "A", "Aa ", "one ", "x at y dot ", "12 rue de la ", "一", "my son Aa Bb ", "میرے چچا "],
)
def test_no_text_takes_so_long_that_one_asker_could_stop_the_writing(piece):
    def seconds(text):
        redact(text)
        began = time.process_time()
        redact(text)
        return time.process_time() - began

    usual = "may i bring two bottles of wine and 200 cigarettes from dubai to london on 3 march " * 12
    assert seconds((piece * 1000)[:1000]) < 25 * max(seconds(usual[:1000]), 0.001)
