"""The rates of the catalogue's goods in the four packs: none missing, none guessed, and what the published tables say."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.packs import read_pack
from knowledge_base.rules.duty_goods import GoodsRate
from knowledge_base.tariff.catalogue import read_catalogue

CONTENT = Path("knowledge_base/content")
PACKS = ("ae", "eu", "gb", "us")
# Read again in the published tables beside the file: the administration, the good, the number, the rate as it is published.
READ_AGAIN = """
us plastic_bags        3923.21.00    3%
us chewing_tobacco     2403.99.21    24.7¢/kg
us cotton_fabric       5208.52.40    11.4%
us sausage             1601.00.60    3.2%
us cotton_tshirt       6109.10.00    16.5%
us leather_handbag     4202.21.90    9%
us gold_jewellery      7113.19.50    5.5%
us laptop              8471.30.01    Free
us cigarettes          2402.20.80    $1.05/kg + 2.3%
gb candle              3406 00 00    0.0%
gb womens_leather_shoes 6403 99 98   6.0%
gb blanket             6301 40 90    12.0%
gb coffee_machine      8516 71 00    2.0%
gb television          8528 72 40    14.0%
gb cheddar             0406 90 21    139.00 GBP/100kg
gb quartz_watch        9102 11 00    0.20 GBP/each
gb rum                 2208 40 11    0.50 GBP/L pure alcohol + 2.60 GBP/100L
eu ceramic_tiles       6907 21 00    5.0%
eu leather_wallet      4202 31 00    3.0%
eu sunglasses          9004 10 91    2.9%
eu still_wine          2204 21 94 19 13.10 EUR/100L
eu quartz_watch        9102 11 00    4.50% min 0.30 EUR/each max 0.80 EUR/each
eu cigarettes          2402 20 90    57.6%
eu bicycle             8712 00 30    14.0%
"""


@pytest.fixture(scope="module")
def rates() -> dict[str, dict[str, GoodsRate]]:
    packs = {name: read_pack(CONTENT / name) for name in PACKS}
    return {name: {rate.good: rate for rate in pack.rules["duties"].goods} for name, pack in packs.items()}


@pytest.mark.parametrize("name", PACKS)
def test_every_good_has_a_row_and_a_row_is_of_a_good(rates, name):
    assert set(rates[name]) == {good.id for good in read_catalogue().goods}


@pytest.mark.parametrize("name", PACKS)
def test_a_code_begins_with_the_heading_of_its_good(rates, name):
    catalogue = read_catalogue()
    assert [rate.good for rate in rates[name].values() if rate.kind != catalogue.good(rate.good).hs] == []


@pytest.mark.parametrize("name", PACKS)
def test_a_rate_that_is_not_known_says_why(rates, name):
    unknown = [rate for rate in rates[name].values() if not rate.known]
    assert unknown and all(rate.note for rate in unknown)
    assert [rate.good for rate in unknown if rate.status == "unverified" and rate.duty is not None] == []


@pytest.mark.parametrize("name", PACKS)
def test_a_row_is_taxed_as_what_its_good_is(rates, name):
    for good in read_catalogue().goods:
        rate = rates[name][good.id]
        assert rate.excise in (None, good.excise), good.id
        assert (rate.group in ("alcohol", "tobacco")) == (good.category in ("alcohol", "tobacco")), good.id


@pytest.mark.parametrize("line", READ_AGAIN.strip().splitlines())
def test_rates_are_those_that_are_published(rates, line):
    name, good, rest = line.split(maxsplit=2)
    rate = rates[name][good]
    assert rest.startswith(rate.code)
    assert shown(rate) == parts(rest.removeprefix(rate.code).strip())


def parts(published: str) -> list[str]:
    """ "4.50% min 0.30 EUR/each" → its parts with plain numbers, "Free" as 0%."""
    plain = published.replace("Free", "0%").replace(" EUR/", "EUR/").replace(" GBP/", "GBP/")
    return [_plain(part) for part in plain.split(" + ")]


def _plain(part: str) -> str:
    words = []
    for word in part.split(" "):
        number = word.lstrip("$")
        digits = number[: len(number) - len(number.lstrip("0123456789."))]
        value = float(digits) / (100 if "¢" in word else 1) if digits else ""
        unit = number[len(digits) :].replace("¢", "")
        money = "USD" if "$" in word or "¢" in word else ""
        words.append(f"{value:g}{money}{unit}" if digits else word)
    return " ".join(words)


def shown(rate: GoodsRate) -> list[str]:
    """The parts of a duty in the same writing."""
    return [_shown(part) for part in rate.duty or ()]


def _shown(part) -> str:
    if part.percent is not None:
        text = f"{part.percent:g}%"
    else:
        unit = part.per if part.quantity == 1 else f"{part.quantity:g}{part.per}"
        text = f"{float(part.amount):g}{part.currency}/{unit}"
    limits = [f"{word} {_shown(limit)}" for word, limit in (("min", part.min), ("max", part.max)) if limit]
    return " ".join([text, *limits])
