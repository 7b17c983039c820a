"""Which language a message is in, and what romanised Arabic, Urdu and Hindi become for search."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge_base.language import LANGUAGES, Identified, identify
from knowledge_base.romanised import ARABIC, URDU, is_known, recognise, search_forms, skeleton, transliterate

LINES = [
    (group, str(line))
    for group, lines in YAML(typ="safe").load(Path(__file__).with_name("language_lines.yml")).items()
    for line in lines
]


def test_there_are_enough_lines_and_none_twice():
    assert len(LINES) >= 150 and len({line for _, line in LINES}) == len(LINES)
    assert {group for group, _ in LINES} >= set(LANGUAGES)


@pytest.mark.parametrize(("group", "line"), LINES, ids=[f"{group}-{number}" for number, (group, _) in enumerate(LINES)])
def test_lines_of_every_language(group, line):
    language = group.split()[-1]
    found = identify(line)
    assert found.language == language, line
    assert found.romanised == (language if group.startswith("romanised") else None), line


@pytest.mark.parametrize(
    ("text", "session", "page", "language"),
    [
        ("tobacco", "ru", "en", "ru"),
        ("iPhone 15", "ar", None, "ar"),
        ("laptop", None, "es", "es"),
        ("laptop", None, None, "en"),
        ("gold watch", "zh", "en", "zh"),
        ("hola", "en", "en", "es"),
        ("bonjour", None, "ar", "fr"),
        ("merci beaucoup", "es", None, "fr"),
        ("hello", "ar", None, "en"),
        ("12345", "hi", "en", "hi"),
        ("", None, "fr", "fr"),
        ("??? 🎁", None, None, "en"),
        ("🎁🎁🎁", "ur", "en", "ur"),
        ("8517.13", "zh", "en", "zh"),
        ("C88", "fr", None, "fr"),
        ("والسجائر؟", "ar", "en", "ar"),
        ("ok", "ru", "en", "ru"),
        ("merci", "en", "en", "fr"),
        ("شراب", "ur", None, "ur"),
        ("شراب", "en", None, "ar"),
        ("ok", "xx", "yy", "en"),
    ],
)
def test_a_word_or_two_keep_the_language_of_conversation_or_page(text, session, page, language):
    assert identify(text, session=session, page=page).language == language


def test_a_whole_sentence_changes_the_language_of_the_conversation():
    assert identify("how many cigarettes can I bring with me", session="ru", page="ar").language == "en"
    assert identify("сколько сигарет можно", session="en").language == "ru"


def test_the_script_with_the_most_letters_wins_but_brands_do_not():
    assert identify("Samsung Galaxy S24 Ultra كم جمرك").language == "ar"
    assert identify("what does جمرك جديد mean for the traveller").language == "en"
    assert identify("what does the word جمرك mean in your form please").language == "en"
    assert identify("what does المسافر mean", session="ar").language == "en"
    assert identify("2 litre شراب allowed?").language == "en"
    assert identify("क्या मैं 2 bottles whisky ला सकता हूँ").language == "hi"
    assert identify("iPhone 15 pro max нужно декларировать").language == "ru"


def test_only_allowed_languages_come_back():
    assert identify("сколько сигарет можно", allowed=("en", "ar")).language == "en"
    assert identify("cuántas botellas puedo llevar", allowed=("en", "fr")).language in {"en", "fr"}
    assert identify("کیا میں سونا لا سکتا ہوں", allowed=("ar", "en")).language == "ar"
    assert identify("कितना सोना", allowed=("ar",)) == Identified("ar")
    assert identify("how much", allowed=("ar", "zh"), session="en").language == "ar"


def test_a_language_that_is_not_offered_is_never_sure():
    assert not identify("タバコは何本まで持ち込めますか").sure
    assert not identify("πόσα τσιγάρα μπορώ να φέρω").sure
    assert not identify("담배 몇 개비까지 가능한가요").sure


def test_a_clear_sentence_is_sure_and_a_bare_word_is_not():
    assert identify("where can I declare the gold that I bought").sure
    assert not identify("tobacco").sure


@pytest.mark.parametrize(
    "text",
    [
        "can I bring 3kg of cheese and 2l of milk",
        "form c88 for b2b shipments over 150 eur",
        "is a 2nd bottle taxed at 5 percent",
        "my a380 flight with 20 mp3 players",
        "el tabaco de la tienda para mi",
        "quatre bouteilles de vin par personne",
        "the red lane and the green lane",
        "hay que pagar por el vino en la maleta",
        "il est tard, que faire",
        "covid19 test kit h1n1",
        "gift for my friend kam",
    ],
)
def test_other_languages_are_not_taken_for_romanised_ones(text):
    assert recognise(text) is None


def test_spoken_urdu_or_hindi_follows_the_conversation():
    text = "kitni cigarette la sakta hun"
    assert identify(text).language == "ur"
    assert identify(text, session="hi").language == "hi"
    assert identify(text, page="hi").romanised == "hi"
    assert identify(text, allowed=("en", "hi")).language == "hi"
    assert identify(text, allowed=("en", "fr")).romanised is None


def test_romanised_arabic_becomes_arabic_and_english():
    forms = search_forms("kam 3olbet sagayer masmou7")
    assert forms == ["kam 3olbet sagayer masmou7", "كم علبة سجائر مسموح", "how much packet cigarettes allowed"]


def test_arabic_joins_and_the_to_the_next_word_in_latin_letters_too():
    assert "والذهب" in search_forms("wel dahab?") or "وذهب" in search_forms("wel dahab?")


@pytest.mark.parametrize(
    ("text", "gloss"), [("mera dost behosh ho gaya hai", "my friend unconscious"), ("sa7bi we2e3", "my friend collapsed")]
)
def test_danger_is_told_in_english_too(text, gloss):
    assert gloss in search_forms(text)


@pytest.mark.parametrize(("text", "known"), [("aur sharab?", True), ("kam dahab masmou7", True), ("aur zafrani halwa?", False), ("wine", False)])
def test_whether_every_word_is_known(text, known):
    assert is_known(text) is known


def test_romanised_urdu_becomes_english():
    assert search_forms("kitni sharab lane ki ijazat hai") == [
        "kitni sharab lane ki ijazat hai",
        "how much alcohol bring allowed",
    ]


@pytest.mark.parametrize("text", ["how much wine can I bring", "كم سيجارة", "", "¿cuánto?"])
def test_other_text_has_one_form(text):
    assert search_forms(text) in ([text], [])


@pytest.mark.parametrize(
    "variants", [["momken", "mumkin", "momkin"], ["sagayer", "sagayir"], ["kitni", "kitnee", "ketni"]]
)
def test_spellings_that_differ_in_vowels_have_one_skeleton(variants):
    assert len({skeleton(variant) for variant in variants}) == 1


@pytest.mark.parametrize(
    ("word", "arabic"),
    [("dahab", "دهب"), ("7alib", "حليب"), ("3asal", "عسل"), ("khubz", "خبز"), ("sayara", "سيرة"), ("noor", "نور")],
)
def test_transliteration_by_rule(word, arabic):
    assert transliterate(word) == arabic


def test_word_lists_are_well_formed():
    assert len(ARABIC) > 100 and len(URDU) > 100
    for lexicon in (ARABIC, URDU):
        assert all(lexeme.native and lexeme.english for lexeme in lexicon.values())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=120), st.sampled_from([None, *LANGUAGES]), st.sampled_from([None, "xx", *LANGUAGES]))
def test_any_text_is_identified_as_an_offered_language(text, session, page):
    assert identify(text, session=session, page=page).language in LANGUAGES
    assert text.strip() == "" or search_forms(text)[0] == text
