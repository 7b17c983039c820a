"""What people type is read as they mean it: goods, facts, corrections and answers, in eight languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.goods.understanding import is_about_my_goods, understand
from knowledge_base.packs import read_yaml
from knowledge_base.rules.basket import Basket, Good, Traveller

_HERE = Path(__file__).parent
_LINES = [(language, line) for language, lines in read_yaml(_HERE / "understood.yml").items() for line in lines]
_TALKS = read_yaml(_HERE / "talks.yml")
_LANGUAGES = ("en", "ar", "es", "fr", "hi", "ru", "ur", "zh")


def written(good: Good) -> str:
    """A line of a basket as the files of cases write it."""
    parts = [str(good.kind)]
    if good.quantity is not None:
        parts.append(f"{_plain(good.quantity)} {good.unit}")
    if good.value is not None:
        parts.append(f"@ {_plain(good.value.amount)} {good.value.currency}")
    if good.strength is not None:
        parts.append(f"{_plain(good.strength)}%")
    if good.made_in:
        parts.append(f"made {good.made_in}")
    if good.carried_by:
        parts.append(f"by {good.carried_by}")
    return " ".join(parts)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _check(case: dict[str, Any], basket: Basket) -> None:
    assert [written(good) for good in basket.goods] == [str(line) for line in case["goods"]]
    assert basket.ages == case.get("ages", {})
    for name, expected in case.get("facts", {}).items():
        assert getattr(basket.traveller, name) == expected, name


@pytest.mark.parametrize(("language", "line"), _LINES, ids=[f"{language}: {line['say']}" for language, line in _LINES])
def test_a_line_is_read_as_it_is_meant(language: str, line: dict[str, Any]) -> None:
    read = understand(line["say"], language, Basket(), currency="GBP", today=date(2026, 11, 22))
    _check(line, read.basket)
    told = {name for name, value in read.basket.traveller.model_dump().items() if value is not None}
    assert told == set(line.get("facts", {}))


@pytest.mark.parametrize(("language", "line"), _LINES, ids=[f"{language}: {line['say']}" for language, line in _LINES])
def test_capitals_signs_and_blanks_change_nothing(language: str, line: dict[str, Any]) -> None:
    said = str(line["say"])
    plain = [written(good) for good in understand(said, language, Basket(), currency="GBP").basket.goods]
    for other in (said.upper() if language in {"es", "fr", "ru"} else said, f"{said}.", f"  {said} !", f"{said} 🙂"):
        assert [written(good) for good in understand(other, language, Basket(), currency="GBP").basket.goods] == plain


@pytest.mark.parametrize("talk", _TALKS, ids=[f"{talk['language']}: {talk['turns'][0]['say']}" for talk in _TALKS])
def test_a_talk_leaves_the_basket_that_was_meant(talk: dict[str, Any]) -> None:
    basket = Basket()
    for turn in talk["turns"]:
        print(turn["say"])  # which turn it was, when one fails
        read = understand(
            turn["say"],
            talk["language"],
            basket,
            currency="GBP",
            expecting=turn.get("expecting"),
            today=date(2026, 11, 22),
        )
        basket = read.basket
        _check(turn, basket)
        assert read.says_nothing == turn.get("nothing", False)


_VOCABULARY = st.sampled_from(
    "2 3,5 ٤ ४ 四 1/2 ½ £300 500€ 40% no not remove actually the a and plus , . ? wine vodka bottle bottles of carton litre 5l each wife carries "
    "what if make it another more cash made in from japan dubai i'm 19 yes worth watch trumpet all but زجاجتين و احذف ويسكي बोतल हटा दो वाइन नहीं "
    "и не бутылки виски 两瓶 红酒 去掉 ، بوتل ہٹا دو dos botellas quita sans pas du x 20-pack 24k gold $ : - // 1e9 999999999999999999999".split()
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_VOCABULARY, max_size=14), st.sampled_from(_LANGUAGES))
def test_no_order_of_known_words_makes_it_fail(words: list[str], language: str) -> None:
    basket = understand("2 bottles of vodka and a watch", "en", Basket(), currency="GBP").basket
    read = understand(" ".join(words), language, basket, currency="GBP")
    ids = [good.id for good in read.basket.goods]
    assert len(ids) == len(set(ids))
    for good in read.basket.goods:
        assert good.quantity is None or good.quantity >= 0
        assert good.value is None or good.value.amount >= 0
        assert (good.quantity is None) == (good.unit is None)
    assert not (read.says_nothing and (read.changes or read.unclear))
    if not read.changes:
        assert read.basket == basket


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(_LANGUAGES),
    st.sampled_from(
        [
            None,
            "age",
            "g1.strength",
            "g1.value",
            "g1.quantity",
            "g1.kind",
            "resident",
            "arriving_from",
            "by",
            "nonsense",
            "g9.x",
        ]
    ),
)
def test_no_text_makes_it_fail(text: str, language: str, expecting: str | None) -> None:
    basket = Basket(goods=(Good(id="g1", kind="spirits", said="2 bottles"),), traveller=Traveller(age=20))
    read = understand(text, language, basket, currency="GBP", expecting=expecting, today=date(2026, 11, 22))
    assert Basket.model_validate_json(read.basket.model_dump_json()) == read.basket
    assert is_about_my_goods(text, language) in {True, False}


@pytest.mark.parametrize(
    "text", ["l\u0130tro y medio de ron", "2 bottle\u017f of wine", "\u0661/\u0662 \u212aG tea", "1/2/3 1//2 ½½ x2x2x2"]
)
def test_letters_that_fold_oddly_do_not_fail(text: str) -> None:
    for language in _LANGUAGES:
        understand(text, language, Basket(), currency="GBP")
