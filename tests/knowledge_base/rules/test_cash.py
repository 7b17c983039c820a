"""Cash against the thresholds of the real packs: what the guidance says in words, said by the rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.settings import ROOT
from knowledge_base.checks.checked import Checked
from knowledge_base.checks.rules import rules as check_rules
from knowledge_base.packs import Fault, read_pack
from knowledge_base.rules.basket import Money
from knowledge_base.rules.cash import CashCase, CashResult, Held, check_cash
from knowledge_base.rules.exchange import ExchangeRate
from knowledge_base.rules.figure_book import FigureBook

DAY = date(2026, 11, 22)
CONTENT = ROOT / "knowledge_base" / "content"
PACKS = {name: read_pack(CONTENT / name) for name in ("ae", "eu", "gb", "us")}
# Round numbers that are plainly none of a real day.
RATES = {
    ("USD", "GBP"): "0.5",
    ("EUR", "GBP"): "0.8",
    ("GBP", "EUR"): "1.25",
    ("USD", "AED"): "4",
    ("USD", "EUR"): "0.9",
}


class Rates:
    """Rates of our own making."""

    def rate(self, base: str, quote: str, day: date) -> ExchangeRate | None:
        value = RATES.get((base, quote))
        return ExchangeRate(base, quote, Decimal(value), day, "test", sources=("a-test",)) if value else None


def money(text: str) -> Money:
    amount, currency = text.split()[:2]
    return Money(amount=Decimal(amount), currency=currency)


def check(administration: str, *amounts: str, **facts: Any) -> CashResult:
    """An amount is "9000 GBP", with a form and who carries it behind: "9000 GBP gold_coins minor"."""
    held = []
    for text in amounts:
        form, by = (
            [*text.split()[2:], "notes", "self"][:2]
            if len(text.split()) > 3
            else ((text.split()[2:] or ["notes"])[0], "self")
        )
        held.append(Held(money=money(text), form=form, by=by))
    pack = PACKS[administration]
    return check_cash(
        pack.rules["cash"], FigureBook(pack.figures, DAY), CashCase(held=tuple(held), **facts), exchange=Rates()
    )


@pytest.mark.parametrize(
    ("administration", "amounts", "facts", "verdict"),
    [
        # gb.cash.declare: 10,000 pounds or more, exactly that already counts, in any currency, in or out
        ("gb", ["9999.99 GBP"], {}, "no_need"),
        ("gb", ["10000 GBP"], {}, "declare"),
        ("gb", ["20000 USD"], {}, "declare"),
        ("gb", ["19999 USD"], {}, "no_need"),
        ("gb", ["6000 GBP", "8000 USD"], {}, "declare"),
        ("gb", ["12000 GBP"], {"start": "GB", "end": "NG"}, "declare"),
        ("gb", ["12000 GBP"], {"start": "GB", "end": "GB"}, "nothing_on_route"),
        # ... a family or group adds its cash together, children's too
        ("gb", ["6000 GBP", "3000 GBP notes adult", "1000 GBP notes minor"], {}, "declare"),
        ("gb", ["5000 GBP"], {"each": True, "persons": 2}, "declare"),
        ("gb", ["4000 GBP"], {"each": True, "persons": 2}, "no_need"),
        # ... Northern Ireland: in euros; nothing to or from the EU, or on to Great Britain
        ("gb", ["10000 EUR"], {"start": "US", "end": "GB-NIR"}, "declare"),
        ("gb", ["9000 GBP"], {"start": "GB", "end": "GB-NIR"}, "declare"),
        ("gb", ["50000 GBP"], {"start": "GB-NIR", "end": "GB"}, "nothing_on_route"),
        ("gb", ["50000 GBP"], {"start": "IE", "end": "GB-NIR"}, "nothing_on_route"),
        # gb.cash.cards_crypto: no cards; in Northern Ireland prepaid cards and bullion count
        ("gb", ["9000 GBP", "5000 GBP card"], {}, "no_need"),
        ("gb", ["9000 GBP", "5000 GBP gold_bars"], {}, "no_need"),
        ("gb", ["1000 EUR", "9000 EUR gold_bars"], {"start": "US", "end": "GB-NIR"}, "declare"),
        # eu.cash.declare: at exactly 10,000, per person; between two member states national rules
        ("eu", ["9999 EUR"], {"start": "US"}, "no_need"),
        ("eu", ["10000 EUR"], {"start": "US"}, "declare"),
        ("eu", ["9000 EUR", "9000 EUR notes adult"], {"start": "US"}, "no_need"),
        ("eu", ["15000 EUR"], {"start": "US", "persons": 2, "most": money("8000 EUR")}, "no_need"),
        ("eu", ["15000 EUR"], {"start": "US", "persons": 2, "most": money("15000 EUR")}, "declare"),
        ("eu", ["8000 EUR"], {"start": "US", "persons": 2, "each": True}, "no_need"),
        ("eu", ["30000 EUR"], {"start": "DE", "end": "ES"}, "national"),
        ("eu", ["3000 EUR", "9000 EUR gold_coins"], {"start": "CH"}, "declare"),
        # us.cash.limit: more than 10,000; us.cash.family: people who travel as a family add up
        ("us", ["10000 USD"], {}, "no_need"),
        ("us", ["10000.01 USD"], {}, "declare"),
        ("us", ["6000 USD", "6000 USD notes adult"], {}, "declare"),
        ("us", ["9000 USD", "50000 USD transfer"], {}, "no_need"),
        # ae.cash.threshold: more than 60,000, with jewellery and stones; ae.cash.family: each of 18 or more, children's are added
        ("ae", ["60000 AED"], {}, "no_need"),
        ("ae", ["60001 AED"], {}, "declare"),
        ("ae", ["40000 AED", "21000 AED jewellery"], {}, "declare"),
        ("ae", ["15000 USD"], {}, "no_need"),
        ("ae", ["50000 AED", "50000 AED notes adult"], {}, "no_need"),
        ("ae", ["50000 AED", "20000 AED notes minor"], {}, "declare"),
    ],
)
def test_what_the_guidance_says(administration: str, amounts: list[str], facts: dict[str, Any], verdict: str) -> None:
    result = check(administration, *amounts, **facts)
    assert (result.verdict, result.needs) == (verdict, ())


@pytest.mark.parametrize(
    ("administration", "amounts", "facts", "needs"),
    [
        ("gb", [], {}, ("money",)),
        ("gb", ["6000 GBP"], {"each": True}, ("persons",)),
        ("gb", ["12000 GBP"], {"start": "GB-NIR"}, ("other_end",)),
        ("eu", ["12000 EUR"], {}, ("other_end",)),
        ("eu", ["12000 EUR"], {"start": "US", "persons": 3}, ("most",)),
        ("ae", ["90000 AED"], {"persons": 4}, ("most",)),
    ],
)
def test_it_asks_for_what_would_change_the_result(
    administration: str, amounts: list[str], facts: dict[str, Any], needs: tuple[str, ...]
) -> None:
    result = check(administration, *amounts, **facts)
    assert (result.verdict, result.needs) == (None, needs)


def test_it_does_not_ask_what_changes_nothing() -> None:
    assert check("eu", "9000 EUR").verdict == "no_need"
    assert check("gb", "12000 GBP", persons=3).verdict == "declare"
    assert check("ae", "50000 AED", persons=4, adults=2).verdict == "no_need"


@pytest.mark.parametrize(("amount", "why"), [("5000 JPY", "no_rate"), ("5000 USD crypto", "form_not_named")])
def test_what_is_not_known_stops_the_verdict_and_is_no_0(amount: str, why: str) -> None:
    result = check("us", amount)
    assert result.verdict is None and result.needs == ()
    assert [row.amount for row in result.sum.rows] == [None] and result.sum.total is None
    assert why in {finding.code for finding in result.findings}
    # What is known may be too much already.
    assert check("us", amount, "10001 USD").verdict == "declare"


def test_a_row_tells_the_rate_and_its_day() -> None:
    (row,) = check("gb", "9000 USD").sum.rows
    assert (row.amount, row.base) == (money("4500 GBP"), money("9000 USD"))
    assert (row.as_of, row.sources) == (DAY, ("a-test",))


def test_the_home_that_was_taken_for_granted_is_told() -> None:
    assert check("gb", "9000 GBP").home == "GB"
    assert check("gb", "9000 GBP", end="GB-NIR").home is None


amounts = st.lists(
    st.builds("{} {} {} {}".format, st.integers(0, 80_000), st.sampled_from(["GBP", "EUR", "USD", "AED"]),
              st.sampled_from(["notes", "gold_coins", "card"]), st.sampled_from(["self", "adult", "minor"])),
    max_size=5,
)  # fmt: skip


@given(st.sampled_from(sorted(PACKS)), amounts, st.integers(1, 50_000))
def test_more_money_never_needs_less_declaring(administration: str, held: list[str], more: int) -> None:
    currency = PACKS[administration].administration.currency
    facts = {"start": "JP"}
    if check(administration, *held, **facts).verdict == "declare":
        assert check(administration, *held, f"{more} {currency}", **facts).verdict == "declare"


@given(st.sampled_from(sorted(PACKS)), amounts)
def test_the_order_does_not_matter(administration: str, held: list[str]) -> None:
    facts = {"start": "JP"}
    assert check(administration, *held, **facts).verdict == check(administration, *reversed(held), **facts).verdict


def test_the_check_of_a_pack_finds_what_is_wrong_with_the_file() -> None:
    pack = PACKS["gb"]
    rules = pack.rules["cash"].model_copy(
        update={"penalty": "gb.cash.nothing", "home": "FR", "routes": pack.rules["cash"].routes[:1]}
    )
    faults: list[Fault] = list(
        check_rules(Checked(pack.model_copy(update={"rules": {"cash": rules}}), CONTENT / "gb", DAY))
    )
    told = {(fault.item, fault.value) for fault in faults if fault.file.endswith("cash.yml")}
    assert ("gb.cash.nothing", "gb.cash.nothing") in told and ("home", "FR") in told
    assert not [fault for fault in check_rules(Checked(pack, CONTENT / "gb", DAY)) if fault.file.endswith("cash.yml")]
