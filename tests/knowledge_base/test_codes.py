"""Codes and names in questions: which are told, and which only look so."""

from __future__ import annotations

import pytest

from knowledge_base.index.codes import Codes, code_of
from tests.knowledge_base.fakes import entry

ENTRIES = [
    entry("zz.forms.card", "the card", title="Which card do I fill in?", answer="Fill in {=Form 6059B} on the plane."),
    entry("zz.forms.entry", "the entry", title="Who files the entry?", answer="The broker files {=CBP Form 7501} through {=ACE}."),
    entry("zz.goods.back", "goods back", title="Are returned goods free under CDS?", answer="Yes, under {=9801.00.10}; call {=1-877-227-5511}, {=2026}."),
    entry("zz.goods.ace", "an ace of cards", title="May I bring an ace?", answer="An ace is fine; also see {=ACE}."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("what is 6059b", "zz.forms.card"), ("form 6059-B where", "zz.forms.card"), ("who signs the 7501", "zz.forms.entry"),
        ("9801.00.10 claim", "zz.goods.back"), ("claim 98010010", "zz.goods.back"), ("cds down?", "zz.goods.back"),
        ("استمارة 6059B", "zz.forms.card"), ("如何填写7501 表", "zz.forms.entry"), ("filing in ACE", "zz.forms.entry"),
    ],
)  # fmt: skip
def test_a_code_speaks_for_the_entry_that_holds_it(question: str, best: str) -> None:
    share = Codes(ENTRIES).share(question)
    assert ENTRIES[int(share.argmax())].id == best and share.max() > 0.5


@pytest.mark.parametrize(
    "question", ["an ace up my sleeve", "from 2026 on", "500 ml of it", "call 1-877-227-5511", "10k in cash", "12 bottles", ""]
)
def test_numbers_years_and_plain_words_are_no_codes(question: str) -> None:
    assert not Codes(ENTRIES).share(question).any()


@pytest.mark.parametrize("word", ["2026", "12", "500ml", "10k", "wine", "EU", "3rd"])
def test_what_is_no_code(word: str) -> None:
    assert code_of(word) is None
