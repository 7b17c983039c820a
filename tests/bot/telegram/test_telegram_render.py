"""Blocks as Telegram's HTML: well-formed, escaped, readable on a telephone and from right to left."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.telegram.render import day, paragraphs
from bot.telegram.split import split
from customs.bidi import ISOLATE, POP, RIGHT_TO_LEFT_MARK
from tests.bot.telegram.fake_rasa import SOURCE
from tests.fakes.telegram_text import LIMIT, read_html, units


def shown(blocks, language="en"):
    """What a user sees, through the fake server's own reading of the markup."""
    return [read_html(paragraph) for paragraph in paragraphs(blocks, language)]


def test_text_of_others_is_shown_literally():
    nasty = "<b>&amp;</b> <script> a < b"
    every = [
        {"type": "paragraph", "text": nasty}, {"type": "notice", "level": "info", "text": nasty},
        {"type": "list", "items": [nasty]}, {"type": "card", "title": nasty, "text": nasty, "rows": [[nasty, nasty]]},
        {"type": "table", "caption": nasty, "columns": [nasty, nasty], "rows": [[nasty, nasty]]},
        {"type": "table", "columns": [nasty] * 3, "rows": [[nasty] * 3]}, {"type": "buttons", "label": nasty, "items": []},
        {"type": "source", "title": nasty, "url": "https://e.org/?a=<\"'>", "checked": "2026-11-21"},
    ]  # fmt: skip
    for block in every:
        assert shown([block])
        assert all(nasty in text for text, _ in shown([block])), block["type"]


def test_a_source_is_a_link_with_the_day_of_the_check():
    ((text, entities),) = shown([SOURCE])
    assert (
        text == "📄 Source: Bringing goods with you (Example Customs), checked on 21 November 2026 (as of 9 June 2026)"
    )
    assert [entity["url"] for entity in entities] == [SOURCE["url"]]
    ((text, _),) = shown([{**SOURCE, "as_of": "undated"}], "fr")
    assert "vérifiée le 21 novembre 2026" in text and "état" not in text


def test_sources_stand_together():
    made = paragraphs([SOURCE, SOURCE, {"type": "paragraph", "text": "x"}, SOURCE], "en")
    assert [text.count("📄") for text in made] == [2, 0, 1], "each answer of a reply keeps its own sources"


def test_an_unsafe_or_endless_address_is_no_link():
    for url in ("javascript:alert(1)", "https://e.org/" + "x" * 5000):
        ((text, entities),) = shown([{"type": "source", "title": "T", "url": url, "checked": "2026-11-21"}])
        assert not entities and url in text


def test_a_table_names_the_column_of_each_cell():
    table = {
        "type": "table",
        "caption": "Duty",
        "columns": ["Goods", "Rate", "Amount"],
        "rows": [["Watch", "5 %", "AED 250"], ["Shoes", "0 %", "AED 0", "spare"], []],
    }
    assert [text for text, _ in shown([table])] == [
        "Duty",
        "Watch\nRate: 5 %\nAmount: AED 250",
        "Shoes\nRate: 0 %\nAmount: AED 0\nspare",
    ]
    gaps = {"type": "table", "columns": ["Goods", "Rate", "Amount"], "rows": [["In all", "", "AED 250"]]}
    assert [text for text, _ in shown([gaps])] == ["In all\nAmount: AED 250"]
    two = {"type": "table", "columns": ["Goods", "Limit"], "rows": [["Wine", "4 l"], ["Beer", "24 cans"]]}
    assert [text for text, _ in shown([two])] == ["Goods: Limit\nWine: 4 l\nBeer: 24 cans"]


def test_what_is_said_of_buttons_stands_above_them():
    edits = {
        "type": "buttons",
        "label": "Not right?",
        "items": [{"title": "Age: 30", "payload": '/edit_line{"line":"age"}'}],
    }
    related = {
        "type": "buttons",
        "label": "Related",
        "items": [{"title": "More?", "payload": '/choose_entry{"entry":"a.b"}'}],
    }
    answer = {"type": "paragraph", "text": "Declare it."}
    assert [text for text, _ in shown([answer, related, SOURCE])][-1] == "Related"
    texts = [text for text, _ in shown([answer, edits, related, SOURCE])]
    assert (texts[0], texts[-1], len(texts)) == ("Declare it.", "Not right?", 3)


def test_lists_cards_and_notices():
    blocks = [
        {"type": "list", "items": ["a", "b"], "ordered": True},
        {"type": "list", "items": ["a"]},
        {"type": "card", "title": "T", "text": "t", "rows": [["Phone", "1"]], "url": "https://e.org"},
        {"type": "notice", "level": "warning", "text": "careful"},
        {"type": "paragraph", "text": "one\n\ntwo"},
    ]
    assert [text for text, _ in shown(blocks)] == [
        "1. a\n2. b",
        "• a",
        "T\nt\nPhone: 1\nhttps://e.org",
        "⚠️ careful",
        "one",
        "two",
    ]


@pytest.mark.parametrize("language", ["ar", "ur"])
def test_every_line_of_a_right_to_left_message_begins_on_the_right(language):
    blocks = [
        {"type": "list", "items": ["AED 60,000", "نقد"]},
        {"type": "card", "title": "C88", "rows": [["VAT", "5 %"]]},
        SOURCE,
        {"type": "table", "columns": ["Goods", "Rate"], "rows": [["Watch", "5 %"]]},
    ]
    for paragraph in paragraphs(blocks, language):
        for line in read_html(paragraph)[0].split("\n"):
            assert line.startswith((RIGHT_TO_LEFT_MARK, ISOLATE)) or re.match("[^A-Za-z]*[\u0600-\u06ff]", line), line
    assert f"{ISOLATE}Bringing goods with you{POP}" in paragraphs([SOURCE], language)[0]


def test_days_are_written_in_the_language():
    assert day("2026-11-21", "ar") == "21 نوفمبر 2026"
    assert day("2026-11-21", "zh") == "2026年11月21日"
    assert day("soon", "en") == "soon"
    assert day("2026-11-21", "zh-CN") == day("2026-11-21", "xx") == "2026-11-21"


def test_control_characters_and_lone_surrogates_do_not_reach_telegram():
    (paragraph,) = paragraphs([{"type": "paragraph", "text": "a\x00b\ud800c"}], "en")
    assert paragraph == "abc" and paragraph.encode()


WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40)
PIECES = st.lists(
    st.one_of(WORDS, st.sampled_from(["\n", " ", "。", "😀", "ي", "&", "<"])), min_size=1, max_size=60
).map("".join)


def bare(text):
    """What is left of a text without blanks."""
    return re.sub(r"\s+", "", text)


def html_of(text, wrap):
    """A paragraph as the renderer makes them: escaped text, with a tag around each line."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "\n".join(f"<b>{line}</b>" if wrap else line for line in escaped.split("\n"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(PIECES, st.booleans(), st.integers(1, 40)), min_size=1, max_size=6),
    st.sampled_from([200, 600, LIMIT]),
)
def test_split_loses_nothing_and_never_cuts_a_tag(given_paragraphs, limit):
    whole = [html_of(text * times, wrap) for text, wrap, times in given_paragraphs]
    parts = split(whole, limit)
    assert all(units(part) <= limit for part in parts)
    texts = [read_html(part)[0] for part in parts]  # raises when a tag is open or broken
    assert all(text.strip() for text in texts)
    assert bare("".join(texts)) == bare("".join(read_html(paragraph)[0] for paragraph in whole))


def test_split_cuts_at_paragraph_ends_then_lines_then_words():
    assert split(["a" * 60, "b" * 60], 100) == ["a" * 60, "b" * 60]
    assert split(["a" * 30, "b" * 30], 100) == ["a" * 30 + "\n\n" + "b" * 30]
    assert split(["a" * 60 + "\n" + "b" * 60], 100) == ["a" * 60, "b" * 60]
    assert split([" ".join(["word"] * 30)], 100) == [" ".join(["word"] * 20), " ".join(["word"] * 10)]


def test_split_closes_and_opens_tags_around_a_cut():
    parts = split([f'<a href="https://e.org">{"link " * 40}</a>'], 150)
    assert len(parts) > 1 and all(part.startswith("<a ") and part.endswith("</a>") for part in parts)


def test_split_keeps_a_letter_with_its_marks_and_an_emoji_whole():
    family = "👨‍👩‍👧‍👦"
    for part in split([family * 60, "क्षि" * 100], 100):
        assert not part.startswith(("\u200d", "\u094d", "\u093f"))
        assert not part.endswith("\u200d")
