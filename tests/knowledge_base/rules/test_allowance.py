"""A traveller's goods against the allowances of the real packs: what is said in words in their entries."""

from __future__ import annotations

from decimal import Decimal

import pytest

from knowledge_base.rules.basket import Money
from tests.knowledge_base.rules.allowance_bags import SETTLED, HalfRate, count, good, pounds


def test_nothing_is_free_and_within() -> None:
    result = count("gb", **SETTLED["gb"])
    assert (result.verdict, result.total, result.needs) == ("within", pounds("0"), ())


def test_goods_that_only_other_rules_count_are_not_called_within() -> None:
    result = count("gb", "20 L fuel", **SETTLED["gb"])
    assert (result.verdict, [finding.code for finding in result.findings][0]) == ("unknown", "counted_elsewhere")
    assert count("gb", "20 L fuel", "1 L spirits", **SETTLED["gb"]).verdict == "within"


def test_a_pool_says_what_is_used_and_what_still_fits() -> None:
    spirits = count("gb", "1 L spirits", **SETTLED["gb"]).pool("spirits")
    assert (spirits.verdict, spirits.share) == ("within", Decimal("0.25"))
    assert [(part.limit, part.used, part.left) for part in spirits.parts] == [(4, 1, 3), (9, 0, Decimal("6.75"))]
    assert spirits.sources == ("hmrc-passenger-texts",)


def test_what_is_over_is_charged_whole_with_excise_and_tax() -> None:
    result = count("gb", good("5 L spirits 100 GBP", made_in="FR"), **SETTLED["gb"] | {"arriving_from": "FR"})
    (total,) = result.sums
    assert [(row.kind, row.amount.amount) for row in total.rows] == [
        ("duty", 0), ("excise", Decimal("67.98")), ("vat", Decimal("33.60")),
    ]  # fmt: skip
    assert result.total == pounds("101.58")


def test_a_duty_that_nobody_knows_leaves_the_sum_without_a_total() -> None:
    result = count("gb", "1 other 500 GBP", **SETTLED["gb"])
    duty, vat = result.sums[0].rows
    assert (duty.amount, duty.why) == (None, "rate_by_kind_and_origin")
    assert (vat.amount, vat.why) == (None, "earlier_row_not_known")
    assert result.total is None


def test_goods_that_nobody_knows_are_said_and_asked_for() -> None:
    result = count("gb", "? 40 GBP", "1 L spirits", **SETTLED["gb"])
    assert result.found("not_a_known_kind")[0].goods == ("g1",)
    assert (result.needs, result.verdict, result.total) == (("g1.kind",), "unknown", None)


@pytest.mark.parametrize("administration", ["gb", "eu", "us", "ae"])
def test_goods_with_rules_of_their_own_are_told_and_not_counted(administration: str) -> None:
    result = count(administration, "1 medicine", "1 gold_bullion 90000 USD", **SETTLED[administration])
    assert {name for finding in result.findings for name in finding.goods} == {"g1", "g2"}
    assert not any(pool.goods for pool in result.pools)


def test_prohibited_goods_come_under_no_pool() -> None:
    result = count("us", good("5 cigars", made_in="CU"), **SETTLED["us"])
    assert (result.verdict, result.pool("cigars").goods) == ("not_allowed", ())
    assert result.found("prohibited")[0].values == {"entry": "us.tobacco.cuban"}
    assert count("ae", "50 g smokeless_tobacco", **SETTLED["ae"]).verdict == "not_allowed"


def test_each_carrier_has_an_own_allowance() -> None:
    result = count("gb", "3 L spirits", good("3 L spirits", "g2", carried_by="wife"), **SETTLED["gb"])
    assert result.pool("spirits").share == result.pool("spirits", "wife").share == Decimal("0.75")
    assert result.total == pounds("0")


def test_a_child_who_carries_has_no_allowance() -> None:
    result = count("gb", good("1 L spirits", carried_by="child"), **SETTLED["gb"])
    assert result.pool("spirits", "child").verdict == "over"


def test_two_who_may_not_pool_are_told_that_each_could_carry_a_part() -> None:
    result = count("gb", "8 L spirits", **SETTLED["gb"], adults=2)
    assert result.verdict == "over"
    assert result.found("fits_if_each_carries_a_part")[0].values["people"] == 2
    assert not count("gb", "9 L spirits", **SETTLED["gb"], adults=2).found("fits_if_each_carries_a_part")
    assert not count("gb", "8 L spirits", **SETTLED["gb"], adults=1, minors=1).found("fits_if_each_carries_a_part")


def test_a_household_declares_together_in_the_united_states() -> None:
    family = SETTLED["us"] | {"adults": 2, "minors": 2}
    assert count("us", "1 other 3200 USD", **family).verdict == "at_limit"
    assert count("us", "2 L spirits", **family).pool("alcohol").verdict == "at_limit"
    assert count("us", "400 cigarettes", **family).pool("cigarettes").verdict == "at_limit"


def test_a_thing_is_never_split_in_the_eu() -> None:
    result = count("eu", "1 other 500 EUR", "1 other 100 EUR", **SETTLED["eu"])
    assert result.pool("goods").charged == ("g1",)
    together = count(
        "eu", "3 other 300 EUR", "1 other 330 EUR", **SETTLED["eu"]
    )  # 330 + 100 fit, two of the three do not
    assert together.sums[0].rows[0].base == Money(amount=Decimal("200.00"), currency="EUR")


def test_the_flat_rate_of_the_eu_ends_at_its_ceiling() -> None:
    under = count("eu", "1 other 700 EUR", **SETTLED["eu"]).sums[0].rows[0]
    over = count("eu", "1 other 701 EUR", **SETTLED["eu"]).sums[0].rows[0]
    assert (under.amount.amount, under.why) == (Decimal("17.50"), None)
    assert (over.amount, over.why) == (None, "ordinary_tariff")


def test_one_person_under_a_small_exemption_loses_it_all() -> None:
    short = SETTLED["us"] | {"away_hours": 20}
    assert count("us", "1 other 200 USD", **short).verdict == "at_limit"
    result = count("us", "1 other 150 USD", "51 cigarettes", **short)
    assert result.pool("cigarettes").consequence == "spoils"
    assert result.pool("goods").charged == ("g1", "g2")


def test_islands_have_a_larger_exemption_and_less_from_elsewhere() -> None:
    guam = SETTLED["us"] | {"arriving_from": "GU"}
    assert count("us", "1 other 1600 USD", **guam).verdict == "at_limit"
    result = count("us", good("1 other 900 USD", bought_in="JP"), good("1 other 700 USD", "g2"), **guam)
    assert result.pool("goods_elsewhere").charged == ("g1",)
    assert result.pool("goods").share == Decimal("0.9375")  # 1500 of 1600: the 100 are charged already
    assert result.sums[0].rows[0].amount.amount == Decimal("1.50")


def test_beer_by_the_carton_is_instead_of_the_litres_in_the_emirates() -> None:
    assert count("ae", "17 L beer", **SETTLED["ae"]).verdict == "within"
    assert count("ae", "18 L beer", **SETTLED["ae"]).pool("alcohol").consequence == "taken"
    both = count("ae", "4 L spirits", "17 L beer", **SETTLED["ae"])
    assert (both.verdict, both.total.amount) == ("over", 0)  # taken away, not charged


def test_who_is_too_young_may_bring_nothing_or_pays_for_all() -> None:
    assert count("ae", "1 L spirits", **SETTLED["ae"] | {"age": 17}).verdict == "not_allowed"
    young = count("gb", "1 L spirits", **SETTLED["gb"] | {"age": 16})
    assert (young.verdict, young.pool("spirits").share, young.pool("spirits").parts[0].limit) == ("over", None, 0)


def test_guide_levels_cost_nothing() -> None:
    result = count("eu", "11 L spirits", **SETTLED["eu"] | {"arriving_from": "ES"})
    assert (result.pool("spirits").consequence, result.total.amount) == ("guide", 0)
    canaries = count("eu", "11 L spirits", **SETTLED["eu"] | {"arriving_from": "ES-CN"})
    assert canaries.pool("spirits").consequence == "excess"


def test_a_price_in_another_currency_is_exchanged_in_sight() -> None:
    result = count("gb", "1 other 780 USD", exchange=HalfRate(), **SETTLED["gb"])
    (row,) = result.sums[0].rows
    assert (row.kind, row.amount, row.as_of is not None) == ("exchange", pounds("390.00"), True)
    assert (result.verdict, result.total) == ("at_limit", pounds("0"))


def test_a_price_without_a_rate_is_not_known() -> None:
    result = count("gb", "1 other 10 XAU", exchange=HalfRate(), **SETTLED["gb"])
    assert result.found("exchange_rate_missing")[0].goods == ("g1",)
    assert (result.total, result.needs) == (None, ("g1.value",))


def test_another_official_text_that_is_stricter_is_told() -> None:
    told = count("gb", "15 L still_wine", "5 L sparkling_wine", **SETTLED["gb"])
    assert told.verdict == "within" and told.found("another_official_text_is_stricter")
    assert (
        not count("gb", "12 L still_wine", "5 L sparkling_wine", **SETTLED["gb"]).findings[0].code.startswith("another")
    )


def test_litres_of_cigarettes_are_not_counted() -> None:
    result = count("gb", "2 L cigarettes", **SETTLED["gb"])
    assert result.found("unit_does_not_fit") and result.needs == ("g1.quantity",)


def test_a_pool_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyError, match="no pool 'nonsense'"):
        count("gb", **SETTLED["gb"]).pool("nonsense")


def test_over_a_guide_level_officers_ask_and_nothing_is_declared() -> None:
    result = count("gb", "900 cigarettes", **SETTLED["gb"] | {"arriving_in": "GB-NIR", "arriving_from": "FR"})
    assert result.found("expect_questions")[0].goods == ("g1",)
    assert result.found("nothing_to_declare") and not result.found("declare_online")
    assert not count("gb", "700 cigarettes", **SETTLED["gb"] | {"arriving_in": "GB-NIR", "arriving_from": "FR"}).found(
        "expect_questions"
    )


def test_what_happens_otherwise_is_said_of_each_group() -> None:
    result = count("gb", "250 cigarettes", "1 other 500 GBP", **SETTLED["gb"])
    told = {finding.values["entry"]: finding.goods for finding in result.found("otherwise_seized")}
    assert told == {"gb.tobacco.over": ("g1",), "gb.appeals.traveller_penalty": ("g2",)}


def test_what_one_limit_charges_another_does_not_count_again() -> None:
    guam = SETTLED["us"] | {"arriving_from": "GU"}
    bottles = ("6 L spirits 60 USD", good("2 L spirits 20 USD", "g2", bought_in="JP"))
    result = count("us", *bottles, **guam)  # one of the two litres from elsewhere, then two of the seven that are left
    assert result.pool("alcohol").share == Decimal("1.4")
    flat = next(row for row in result.sums[0].rows if row.kind == "flat_rate")
    assert flat.base.amount == Decimal("30.00")  # three litres of ten dollars
    assert count("us", good("8 L spirits 80 USD", bought_in="JP"), **guam).sums[0].rows[0].base.amount == 70


def test_a_country_may_set_less_for_a_child_and_between_nobody_knows() -> None:
    child = SETTLED["eu"] | {"age": 14}
    verdicts = [count("eu", f"1 other {value} EUR", **child).verdict for value in (150, 200, 440)]
    assert verdicts == ["within", "unknown", "over"]
    assert count("eu", "1 other 200 EUR", **SETTLED["eu"] | {"age": 15}).verdict == "within"


def test_excise_holds_up_to_its_strength() -> None:
    def excise(strength: int) -> list[Decimal]:
        drink = good("10 L liqueur 90 GBP", strength=Decimal(strength))
        rows = count("gb", drink, **SETTLED["gb"]).sums[0].rows
        return [row.amount.amount for row in rows if row.kind == "excise"]

    assert excise(22) == [Decimal("67.36")]  # 2.2 litres of alcohol at 30.62 pounds
    assert excise(23) == [Decimal("78.18")]  # 2.3 at 33.99


def test_the_flat_rate_is_for_the_first_slice_only() -> None:
    flat, duty = count("us", "1 other 2500 USD", **SETTLED["us"]).sums[0].rows
    assert (flat.base.amount, flat.amount.amount) == (1000, Decimal("30.00"))
    assert (duty.base.amount, duty.amount) == (700, None)
