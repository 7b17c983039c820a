"""Examples that administrations work out on their own pages, each with the address of the page (read as stored copies)."""

from __future__ import annotations

from decimal import Decimal

from tests.knowledge_base.rules.allowance_bags import SETTLED, count, good

GOV_UK = "https://www.gov.uk/duty-free-goods/arriving-in-Great-Britain"
HMRC = "https://github.com/hmrc/bc-passengers-frontend/blob/49fbf042069e6f7a512996b8f2a9f5604dd1373a/conf/messages"
EU = "http://ec.europa.eu/taxation_customs/common/travellers/enter_eu/index_en.htm"
BMF = "https://bmf.gv.at/en/topics/customs/travellers/flat-rate-customs-duty.html"
CBP_EXEMPTIONS = "https://corpora.tika.apache.org/base/docs/govdocs1/561/561413.html"  # cbp.gov as it was archived
CBP_FLAT_RATE = "https://free-ebooks.net/academic-travel/Know-Before-You-Go-Regulations-for-International-Travel-by-U-S-Residents/html/6"


def test_half_of_the_spirits_and_half_of_the_weaker_drinks() -> None:
    """HMRC: 4.5 litres of fortified wine and 2 litres of spirits are both half of the allowance."""
    result = count("gb", "2 L spirits", "4.5 L fortified_wine", **SETTLED["gb"])
    assert (result.pool("spirits").share, result.verdict) == (1, "at_limit")


def test_half_of_the_cigarettes_and_half_of_the_cigars() -> None:
    """HMRC: 100 cigarettes and 25 cigars are both half of the allowance."""
    result = count("gb", "100 cigarettes", "25 cigars", **SETTLED["gb"])
    assert (result.pool("tobacco").share, result.verdict) == (1, "at_limit")


def test_one_litre_too_much_and_all_of_it_pays() -> None:
    """GOV_UK: 18 litres of still wine cost nothing, with 19 you pay on all."""
    assert count("gb", "18 L still_wine", **SETTLED["gb"]).total.amount == 0
    over = count("gb", good("19 L still_wine 190 GBP", made_in="FR"), **SETTLED["gb"] | {"arriving_from": "FR"})
    assert over.pool("still_wine").consequence == "whole"
    excise = next(row for row in over.sums[0].rows if row.kind == "excise")
    assert excise.amount.amount == Decimal("69.81")  # 19 litres of 12 % at 30.62 pounds a litre of alcohol


def test_a_laptop_and_a_watch() -> None:
    """HMRC: a laptop of 500 pounds and a watch of 100 are taxed both, because together they are over the limit."""
    result = count("gb", "1 other 500 GBP", "1 other 100 GBP", **SETTLED["gb"])
    assert result.pool("goods").charged == ("g1", "g2")


def test_cigarettes_and_cigarillos_add_up_to_the_allowance() -> None:
    """EU: 100 cigarettes and 50 cigarillos are the total allowance."""
    result = count("eu", "100 cigarettes", "50 cigarillos", **SETTLED["eu"])
    assert (result.pool("tobacco").share, result.verdict) == (1, "at_limit")


def test_the_flat_rate_of_the_eu() -> None:
    """BMF: 2.5 % on goods up to a total value of 700 euros, not on tobacco."""
    result = count("eu", "1 other 600 EUR", "250 cigarettes 50 EUR", **SETTLED["eu"])
    flat, tobacco = (next(row for row in result.sums[0].rows if row.kind == kind) for kind in ("flat_rate", "duty"))
    assert (flat.goods, flat.amount.amount) == (("g1",), Decimal("15.00"))
    assert (tobacco.goods, tobacco.amount) == (("g2",), None)


def test_the_pottery_of_a_short_trip() -> None:
    """CBP_EXEMPTIONS: 36 hours abroad and a piece of pottery of 300 dollars: dutiable for the full 300."""
    result = count("us", "1 other 300 USD", **SETTLED["us"] | {"away_hours": 36})
    assert result.sums[0].rows[0].base.amount == 300


def test_a_couple_after_a_night_in_canada() -> None:
    """CBP_EXEMPTIONS: each may bring 200 dollars, but there is no family exemption of 400."""
    couple = SETTLED["us"] | {"away_hours": 24, "arriving_from": "CA", "adults": 2}
    result = count("us", "2 other 400 USD", **couple)
    assert result.verdict == "over" and result.found("fits_if_each_carries_a_part")
    assert not count("us", "1 other 400 USD", **couple).found("fits_if_each_carries_a_part")  # one thing is not shared
    each = count("us", "1 other 200 USD", good("1 other 200 USD", "g2", carried_by="wife"), **couple)
    assert each.verdict == "at_limit"


def test_two_litres_of_liquor_from_europe() -> None:
    """CBP_FLAT_RATE: of 200 dollars' worth with two litres of liquor one litre is free, the other pays 3 % and the federal tax."""
    result = count("us", "2 L spirits 60 USD", "1 other 140 USD", **SETTLED["us"])
    flat, tax = result.sums[0].rows
    assert (flat.base.amount, flat.amount.amount) == (30, Decimal("0.90"))
    assert (tax.kind, tax.amount.amount) == ("excise", Decimal("2.85"))  # 13.50 dollars for 3.785 litres of 50 %


def test_a_family_of_four_has_four_flat_rates() -> None:
    """CBP_FLAT_RATE: for a family of four the value under the flat rate is 4,000 dollars."""
    family = SETTLED["us"] | {"adults": 2, "minors": 2}
    (row,) = count("us", "1 other 7200 USD", **family).sums[0].rows  # four exemptions of 800, and 4,000
    assert (row.base.amount, row.amount.amount) == (4000, 120)
    assert [each.kind for each in count("us", "1 other 7201 USD", **family).sums[0].rows] == ["flat_rate", "duty"]


def test_export_cigarettes_over_the_exemption() -> None:
    """CBP_FLAT_RATE: of 400 cigarettes that were exported before, 200 are free and the others seized."""
    result = count("us", "400 cigarettes 60 USD", **SETTLED["us"])
    assert result.pool("cigarettes").share == 2
    assert result.found("export_cigarettes_are_seized")[0].goods == ("g1",)
