"""Only what changes the result is asked for, and what is certain without it is said."""

from __future__ import annotations

from decimal import Decimal

from tests.knowledge_base.rules.allowance_bags import SETTLED, count, good


def without(administration: str, *facts: str) -> dict:
    return {name: value for name, value in SETTLED[administration].items() if name not in facts}


def test_nothing_is_asked_that_changes_nothing() -> None:
    assert count("gb", "0.7 L spirits", age=30).needs == ()
    assert count("gb", "1 other 100 GBP").needs == ()
    assert count("us", "1 other 90 USD").needs == ()


def test_age_is_asked_for_drinks_only() -> None:
    assert count("gb", "1 L spirits", **without("gb", "age")).needs == ("age",)
    assert count("gb", "1 other 300 GBP", **without("gb", "age")).needs == ()


def test_where_one_lands_is_asked_where_the_limits_differ() -> None:
    assert "arriving_in" in count("gb", "2 L spirits", **without("gb", "arriving_in")).needs
    assert "arriving_in" not in count("gb", "0.5 L spirits", **without("gb", "arriving_in")).needs


def test_how_one_travels_is_asked_between_the_two_limits() -> None:
    assert count("eu", "1 other 350 EUR", **without("eu", "by")).needs == ("by",)
    assert count("eu", "1 other 100 EUR", **without("eu", "by")).needs == ()


def test_the_strength_of_a_liqueur_is_asked_where_it_matters() -> None:
    assert count("gb", "5 L liqueur", **SETTLED["gb"]).needs == ("g1.strength",)
    assert count("gb", "1 L liqueur", **SETTLED["gb"]).needs == ()
    assert count("gb", good("5 L liqueur", strength=Decimal(20)), **SETTLED["gb"]).needs == ()


def test_a_price_is_asked_where_something_hangs_on_it() -> None:
    assert count("gb", "1 other", **SETTLED["gb"]).needs == ("g1.value",)
    assert count("gb", "1 L spirits", **SETTLED["gb"]).needs == ()
    assert count("gb", "spirits", **SETTLED["gb"]).needs == ("g1.quantity",)


def test_residents_are_asked_in_the_order_of_a_talk() -> None:
    needs = count("us", "1 other 900 USD", "1 other").needs
    assert needs == ("arriving_from", "resident", "away_hours", "staying_hours", "days_since_last", "g2.value")


def test_a_fact_that_an_answer_makes_idle_is_not_asked() -> None:
    assert count("us", "1 other 700 USD", resident=False, staying_hours=10, days_since_last=50).needs == ()
    assert "staying_hours" not in count("us", "1 other 1200 USD", resident=True).needs


def test_what_is_certain_is_said_before_all_is_known() -> None:
    result = count("gb", "1 L spirits", "1 other 900 GBP", **without("gb", "age"))
    assert (result.pool("spirits").verdict, result.pool("goods").verdict) == ("unknown", "over")
    assert result.found("declare_online")[0].goods == ("g2",)
    assert result.total is None


def test_what_is_over_already_stays_over_whatever_else_comes() -> None:
    result = count("gb", "5 L spirits", "spirits", **SETTLED["gb"])
    assert result.pool("spirits").verdict == "over"
    assert result.needs == ("g2.quantity",)


def test_what_was_taken_for_granted_is_listed() -> None:
    assert ("by", "air") in count("gb", "1 other 100 GBP").assumed
    assert ("crew", "False") in count("us", "1 other 90 USD").assumed


def test_over_by_every_rule_is_certain_but_not_what_is_charged() -> None:
    result = count("us", "1 other 1700 USD")
    assert (result.pool("goods").verdict, result.pool("goods").consequence) == ("over", None)


def test_a_place_that_is_too_wide_is_asked_for_like_none() -> None:
    assert "arriving_in" in count("eu", "100 cigarettes", **SETTLED["eu"] | {"arriving_in": "EU"}).needs
    assert "arriving_in" in count("ae", "1 L spirits", **SETTLED["ae"] | {"arriving_in": "AE"}).needs
    assert count("ae", "1 L spirits", **SETTLED["ae"] | {"arriving_in": "AE-SH"}).found("forbidden_in_emirate")
    assert count("gb", "2 L spirits", **SETTLED["gb"]).needs == ()


def test_less_than_nothing_is_not_known() -> None:
    result = count("gb", good("1 other 1 GBP").model_copy(update={"quantity": Decimal(-3)}), **SETTLED["gb"])
    assert result.found("amount_below_zero")


def test_goods_that_other_rules_count_elsewhere_are_not_certainly_over() -> None:
    result = count("gb", "5 L spirits", **without("gb", "arriving_from"))  # from the Isle of Man there is no limit
    assert (result.pool("spirits").verdict, result.needs) == ("unknown", ("arriving_from",))


def test_where_one_comes_from_is_asked_only_after_an_age_that_makes_it_matter() -> None:
    spirits = "2.1 L spirits"
    asked = without("gb", "arriving_from", "age")
    assert count("gb", spirits, **asked).needs == ("age",)
    assert count("gb", spirits, **asked, age=30).needs == ()
    assert "arriving_from" in count("gb", spirits, **asked, age=16).needs
