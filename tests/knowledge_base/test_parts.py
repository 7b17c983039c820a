"""Messages with several questions are parted; stories, lists of nothing and single questions are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.parts import MOST, asked_of_other_goods, asks, openers, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("can i bring my dog and how much wine?", ["can i bring my dog", "how much wine?"]),
        (
            "how much wine can i bring? and do i need to declare cash?",
            ["how much wine can i bring?", "and do i need to declare cash?"],
        ),
        ("how much wine\nhow many cigarettes", ["how much wine", "how many cigarettes"]),
        ("puedo llevar mi perro y cuánto vino puedo llevar", ["puedo llevar mi perro", "cuánto vino puedo llevar"]),
        (
            "how many cigarettes and how much cash can i bring?",
            ["how many cigarettes can i bring", "how much cash can i bring?"],
        ),
        ("combien de cigarettes et combien de vin", ["combien de cigarettes", "combien de vin"]),
        ("сколько вина и сколько сигарет можно", ["сколько вина можно", "сколько сигарет можно"]),
        ("كم سيجارة وكم لتر نبيذ مسموح", ["كم سيجارة مسموح", "كم لتر نبيذ مسموح"]),
        ("कितनी शराब और कितनी सिगरेट ला सकते हैं", ["कितनी शराब ला सकते हैं", "कितनी सिगरेट ला सकते हैं"]),
        ("کتنی شراب اور کتنی سگریٹ", ["کتنی شراب", "کتنی سگریٹ"]),
        ("可以带多少酒？还有多少现金？", ["可以带多少酒？", "还有多少现金？"]),
        ("how much wine and cigarettes can i bring", ["how much wine can i bring", "how much cigarettes can i bring"]),
        ("2 litres of wine and 200 cigarettes ok?", ["2 litres of wine ok?", "200 cigarettes ok?"]),
        ("wine, cigarettes and perfume allowance", ["wine allowance", "cigarettes allowance", "perfume allowance"]),
        ("可以带多少香烟和酒", ["可以带多少香烟", "可以带多少酒"]),
        (
            "I land tomorrow. how many cigarettes can i bring, and where do i declare cash?",
            ["I land tomorrow. how many cigarettes can i bring", "where do i declare cash?"],
        ),
    ],
)
def test_several_questions(text: str, parts: list[str]) -> None:
    assert [part.text for part in split(text)] == parts


@pytest.mark.parametrize(
    "text",
    [
        "knives and forks to dubai", "can my wife and i each carry 50000 dirhams", "I bought a watch in dubai. I live in london. do I pay tax?",
        "how much wine", "is 1.5 litres ok", "", "wine and beer and alcohol limit", "how much is 2 and 3", "bread and butter", "و", "???",
        "hello. my name is sam.",
    ],
)  # fmt: skip
def test_one_question(text: str) -> None:
    assert split(text) == []


def test_statements_go_with_the_question_after_them_and_the_last_ones_with_the_last() -> None:
    parts = split("I have a dog. Can I bring it? I also have wine. How much is free? Thanks a lot.")
    assert [part.text for part in parts] == [
        "I have a dog. Can I bring it?",
        "I also have wine. How much is free? Thanks a lot.",
    ]


def test_there_is_an_end_to_the_parts() -> None:
    assert len(split("how much wine? " * 20)) == MOST


def test_words_that_ask() -> None:
    assert asks("how early") and asks("هل يمكن") and asks("tax?") and not asks("two bottles")
    assert [(opener.start, opener.end) for opener in openers("and how much")] == [(4, 12)]


@given(st.text(alphabet="and how much wine? cigarettes, و كم 酒和烟\n.;2 ", max_size=120))
def test_whatever_is_typed_is_parted_without_failing(text: str) -> None:
    parts = split(text)
    assert len(parts) != 1 and all(part.text.strip() for part in parts)


@pytest.mark.parametrize(
    ("question", "text", "whole"),
    [
        ("can i bring wine from spain?", "and cigars?", "can i bring cigars from spain?"),
        ("how much wine", "and gold and perfume", "how much gold and perfume"),
        ("可以带葡萄酒吗", "香烟呢", "可以带香烟吗"),
        ("puedo llevar vino", "y queso?", "puedo llevar queso"),
        ("can i bring 2 bottles of wine", "and cigars?", None),
        ("can i bring wine and beer", "and cigars?", None),
        ("can i bring my bag", "and cigars?", None),
        ("can i bring wine", "and 50 cigars?", None),
        ("can i bring wine", "and that?", None),
    ],
)
def test_a_question_asked_of_other_goods(question: str, text: str, whole: str | None) -> None:
    assert asked_of_other_goods(question, text) == whole
