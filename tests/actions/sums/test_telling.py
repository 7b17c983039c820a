"""What replies of all sums are made of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest

from actions.context import Turn
from actions.sums import begin
from actions.sums.allowance_result import _assumptions
from actions.sums.telling import rate_notices, written_rate
from knowledge_base.goods.understanding import understand
from knowledge_base.rules.basket import Basket, Money
from knowledge_base.rules.results import Rate, Row

SPANISH = SimpleNamespace(language="es")
DAY = date(2026, 10, 30)


def row(kind: str, base: str, currency: str, rate: Rate, to: str) -> Row:
    amount = (Decimal(base) * rate.value).quantize(Decimal("0.01"))
    return Row(kind, Money(amount=amount, currency=to), Money(amount=Decimal(base), currency=currency), rate, as_of=DAY)


def test_only_an_exchange_is_told_as_one() -> None:
    rows = [
        row("duty", "500", "EUR", Rate(Decimal(0)), "EUR"),
        row("exchange", "3.10", "USD", Rate(Decimal("0.74634"), "GBP"), "GBP"),
    ]
    (told,) = rate_notices(SPANISH, rows, "gb")
    assert "1 USD = 0,7463 GBP" in told["text"], "the table's own rate, not one of rounded amounts"


def test_a_rate_is_written_like_the_amounts_beside_it() -> None:
    assert written_rate(SPANISH, Decimal("1.1168"), "us") == "1.117"
    assert written_rate(SPANISH, Decimal("1.1168"), "eu") == "1,117"


@pytest.mark.parametrize(
    ("language", "said", "told"),
    [
        ("en", "3 cases of wine", ["case = 12 × bottle", "bottle = 0.75 litres"]),
        ("en", "2 slabs of beer", ["case = 24 × can", "can = 0.33 litres"]),
        ("fr", "2 caisses de vin", ["caisse = 12 × bouteille", "bouteille = 0,75 litre"]),
        ("ar", "3 صناديق نبيذ", ["صندوق = 12 × زجاجة"]),
    ],
)
def test_what_a_case_holds_is_told(language: str, said: str, told: list[str]) -> None:
    turn = SimpleNamespace(language=language, day=DAY)
    basket = understand(said, language, Basket(), currency="GBP").basket
    (block,) = _assumptions(turn, None, basket, [])
    text = block["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert all(each in text for each in told), text


def test_a_sum_of_an_administration_that_went_is_not_searched_for_there(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = []
    verdict = SimpleNamespace(kind="answer", reason=None, entries=())
    monkeypatch.setattr(
        begin, "search", lambda turn, text, name: searched.append(name) or SimpleNamespace(verdict=verdict)
    )
    text = "can i bring another two bottles of wine for my mother?"
    places = SimpleNamespace(find=lambda text: SimpleNamespace(origin=None))
    served = SimpleNamespace(release=SimpleNamespace(shelves={"gb": object()}), places=places)
    turn = Turn("conversation", text, "en", "request", DAY, served=served)
    state = SimpleNamespace(administration="zz")
    assert begin.is_for_sum(turn, None, state) and searched == [None]
