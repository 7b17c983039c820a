"""Import duty and tax by the rules of the four packs: limits, reliefs, ways to pay, and what stops a row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from tests.knowledge_base.rules.duty_sums import amount, codes, duty, line, money, order, present, rows


def total(result, code: str = "standard"):
    option = result.option(code)
    return option.total.amount if option and option.total else None


class TestGreatBritain:
    def test_no_duty_up_to_the_limit_but_vat_from_the_first_penny(self):
        result = duty("gb", order(line("shirt 135 GBP", origin="CN")))
        assert (amount(result, "duty"), amount(result, "vat"), total(result)) == (D(0), D("27.00"), D("27.00"))
        assert result.needs == ()

    def test_a_penny_over_the_limit_pays_duty_and_vat_on_it(self):
        result = duty("gb", order(line("shirt 135.01 GBP", origin="CN")))
        assert amount(result, "duty") == D("16.20")
        assert amount(result, "vat") == D("30.24")  # 20 % of 151.21

    def test_delivery_does_not_count_for_the_limit_but_is_taxed(self):
        result = duty("gb", order(line("shirt 130 GBP", origin="CN"), freight="20 GBP"))
        assert (amount(result, "duty"), amount(result, "vat")) == (D(0), D("30.00"))

    def test_a_present_of_exactly_the_limit_is_free(self):
        assert total(duty("gb", present(line("shirt 39 GBP", origin="CN")))) == D(0)

    def test_a_present_above_it_pays_vat_on_the_whole(self):
        assert total(duty("gb", present(line("shirt 40 GBP", origin="CN")))) == D("8.00")

    def test_a_present_that_a_shop_sends_is_a_purchase(self):
        assert total(duty("gb", present(line("shirt 39 GBP", origin="CN"), sender="business"))) == D("7.80")

    def test_spirits_sent_as_a_present_pay_excise_and_vat(self):
        bottle = line("whisky 30 GBP", origin="US", quantity="0.7", unit="L", strength=40)
        result = duty("gb", present(bottle))
        # 0.28 litres of pure alcohol at 33.99, as the Treasury's £9.51 for such a bottle of Scotch
        assert amount(result, "excise") == D("9.52")
        assert total(result) == D("9.52") + D("7.90")
        assert "not_free_by_post" in codes(result)

    @pytest.mark.parametrize(
        ("strength", "due"), [(3.4, "0.34"), (3.5, "0.93"), (8.5, "2.60"), (22, "6.74"), (22.1, "7.51")]
    )
    def test_the_steps_of_strength_of_wine(self, strength, due):
        result = duty("gb", order(line("red_wine 10 GBP", quantity=1, unit="L", strength=strength, origin="AR")))
        assert amount(result, "excise") == D(due)

    def test_cigarettes_show_the_part_that_is_known_and_stop_at_the_shop_price(self):
        result = duty("gb", order(line("smokes 60 GBP", quantity=200, unit="each", origin="US")))
        assert [(row.amount and row.amount.amount, row.why) for row in rows(result, "excise")] == [
            (D("78.82"), None),
            (None, "retail_price_unknown"),
        ]
        assert total(result) is None

    def test_goods_of_eu_origin_may_come_in_free_with_a_proof(self):
        result = duty("gb", order(line("shirt 200 GBP", origin="IT"), channel="courier"))
        assert (total(result), total(result, "preference")) == (D("68.80"), D("40.00"))
        assert [condition.code for condition in result.option("preference").conditions] == ["proof_of_origin"]

    def test_without_a_proof_there_is_no_preference(self):
        result = duty("gb", order(line("shirt 200 GBP", origin="IT", proof_of_origin=False)))
        assert [option.code for option in result.options] == ["standard"]

    def test_the_shop_may_have_taken_the_tax(self):
        result = duty("gb", order(line("shirt 100 GBP", origin="CN"), seller_registered=True))
        assert amount(result, "vat_at_sale") == D("20.00")
        assert result.options[0].on_arrival == money("0 GBP")
        assert total(result) == D("20.00")

    def test_above_the_limit_a_shop_takes_none(self):
        assert rows(duty("gb", order(line("shirt 200 GBP", origin="CN"), seller_registered=True)), "vat_at_sale") == []

    def test_books_bear_no_vat(self):
        assert total(duty("gb", order(line("book 300 GBP", origin="US")))) == D(0)

    def test_northern_ireland_has_other_rules(self):
        result = duty("gb", order(line("shirt 100 GBP"), destination="GB-NIR"))
        assert (result.options, codes(result)) == ((), ["other_rules_there"])


class TestEuropeanUnion:
    def test_each_kind_of_a_cheap_order_pays_the_flat_amount(self):
        both = [line("shirt 20 EUR", origin="CN"), line("watch 30 EUR", origin="CN", quantity=1, unit="each")]
        result = duty("eu", order(*both, freight="0 EUR"))
        assert amount(result, "duty") == D(6)
        assert total(result) == D(6) + D("4.37") + D("6.27")  # 19 % of 23 and of 33

    def test_pieces_of_one_kind_pay_it_once(self):
        shirts = [line("shirt 20 EUR", origin="CN"), line("shirt 25 EUR", origin="CN")]
        assert amount(duty("eu", order(*shirts, freight="0 EUR")), "duty") == D(3)

    def test_exactly_the_limit_still_pays_the_flat_amount_and_above_it_the_tariff(self):
        assert amount(duty("eu", order(line("shirt 150 EUR", origin="CN"), freight="0 EUR")), "duty") == D(3)
        assert amount(duty("eu", order(line("shirt 151 EUR", origin="CN"), freight="0 EUR")), "duty") == D("18.12")

    def test_before_july_2026_it_was_free_of_duty(self):
        goods = order(line("shirt 150 EUR", origin="CN"), freight="0 EUR")
        assert amount(duty("eu", goods, date(2026, 6, 30)), "duty") == D(0)
        assert amount(duty("eu", goods, date(2026, 7, 1)), "duty") == D(3)

    def test_a_business_pays_the_tariff(self):
        result = duty("eu", order(line("shirt 100 EUR", origin="CN"), freight="0 EUR", importer="business"))
        assert amount(result, "duty") == D("12.00")

    def test_the_rate_of_tax_is_that_of_the_destination(self):
        camera = order(line("camera 1000 EUR", origin="JP"), freight="0 EUR")
        rates = {
            state: amount(duty("eu", camera.model_copy(update={"destination": state})), "vat")
            for state in ("LU", "HU", "FI")
        }
        assert rates == {"LU": D("170.00"), "HU": D("270.00"), "FI": D("255.00")}

    def test_without_a_destination_it_asks(self):
        camera = order(line("camera 1000 EUR", origin="JP"), freight="0 EUR")
        result = duty("eu", camera, destination=None)
        assert result.needs == ("destination",)
        assert (amount(result, "duty"), amount(result, "vat")) == (D(0), None)

    def test_presents_that_fit_under_the_limit_stay_free(self):
        three = line("shirt 60 EUR", origin="CN", quantity=3, unit="each")
        result = duty("eu", present(three, freight="0 EUR"))
        assert [option.code for option in result.options] == ["flat_rate", "standard"]
        assert total(result, "flat_rate") == D("0.50") + D("3.90")  # of one shirt: 2.5 % of 20, 19 % of 20.50
        assert total(result) == D("2.40") + D("4.26")

    def test_of_presents_the_dearest_that_fit_are_chosen(self):
        goods = [
            line("shirt 30 EUR", origin="CN"),
            line("camera 40 EUR", origin="JP"),
            line("scent 20 EUR", origin="CN", quantity="0.05", unit="L"),
        ]
        result = duty("eu", present(*goods, freight="0 EUR"))
        freed = {row.goods[0] for row in rows(result, "vat") if row.code == "relief:gift"}
        assert freed == {"g2"}

    def test_too_many_cigarettes_in_a_present_are_all_charged(self):
        few = duty("eu", present(line("smokes 10 EUR", quantity=50, unit="each", origin="US"), freight="0 EUR"))
        many = duty("eu", present(line("smokes 10 EUR", quantity=51, unit="each", origin="US"), freight="0 EUR"))
        assert total(few) == D(0)
        assert total(many) is None  # national excise is not known

    def test_a_worked_example_of_the_irish_revenue(self):
        """https://revenue.ie/en/customs/individuals/info-travelling-duty-free/from-outside-eu/calculate.aspx

        A camera of €500 and ten shirts of €600 above the allowance: €15 duty at 2.5 %, VAT of 23 % on €1,115.
        """
        carried = order(
            line("camera 500 EUR"), line("shirt 600 EUR"), channel="traveller", destination="IE", sent_from="US"
        )
        result = duty("eu", carried)
        assert result.options[0].code == "flat_rate"
        assert amount(result, "duty") == D("15.00")
        assert amount(result, "vat") == D("256.45")
        assert result.options[0].total == money("271.45 EUR")

    def test_above_the_ceiling_there_is_no_flat_rate(self):
        carried = order(line("shirt 700.01 EUR"), channel="traveller", sent_from="US")
        assert duty("eu", carried).option("flat_rate") is None

    def test_a_shop_inside_the_union_imports_nothing(self):
        result = duty("eu", order(line("shirt 100 EUR"), sent_from="FR"))
        assert (result.options, codes(result)) == ((), ["not_an_import"])

    def test_british_goods_have_a_way_of_their_own(self):
        result = duty("eu", order(line("shirt 100 EUR", origin="GB"), freight="0 EUR", sent_from="GB"))
        assert (total(result), total(result, "preference")) == (D(3) + D("19.57"), D("19.00"))


class TestUnitedStates:
    def test_no_parcel_is_free_because_it_is_cheap(self):
        assert total(duty("us", order(line("shirt 20 USD", origin="VN"), freight="0 USD"))) == D("2.40")

    def test_delivery_bears_no_duty(self):
        assert total(duty("us", order(line("shirt 20 USD", origin="VN"), freight="30 USD"))) == D("2.40")

    def test_a_present_is_free_up_to_the_limit_and_whole_above_it(self):
        assert total(duty("us", present(line("shirt 100 USD", origin="VN")))) == D(0)
        assert total(duty("us", present(line("shirt 101 USD", origin="VN")))) == D("12.12")

    def test_dear_perfume_is_no_free_present(self):
        def charged(price: int) -> list[str | None]:
            goods = present(line(f"scent {price} USD", origin="FR"), line("shirt 50 USD", origin="VN"))
            return [row.code for row in rows(duty("us", goods), "duty")]

        assert charged(5) == ["relief:gift", "relief:gift"]
        assert charged(6) == ["3303 00 00", "relief:gift"]

    def test_presents_from_the_islands_have_a_higher_limit(self):
        assert total(duty("us", present(line("shirt 200 USD", origin="VN"), sent_from="GU"))) == D(0)
        assert total(duty("us", present(line("shirt 200 USD", origin="VN"), sent_from="VN"))) == D("24.00")

    def test_goods_made_in_china_bear_a_duty_on_top(self):
        result = duty("us", order(line("shirt 100 USD", origin="CN"), freight="0 USD"))
        assert (amount(result, "duty"), amount(result, "additional_duty")) == (D("12.00"), D("7.50"))

    def test_the_origin_decides_not_the_sender(self):
        result = duty("us", order(line("shirt 100 USD", origin="VN"), freight="0 USD", sent_from="CN"))
        assert amount(result, "additional_duty") == D(0)

    def test_goods_that_nobody_looked_up_say_so(self):
        result = duty("us", order(line("unlisted 100 USD", origin="CN"), freight="0 USD"))
        assert [row.why for row in rows(result, "additional_duty")] == ["additional_unknown"]
        assert total(result) is None

    @pytest.mark.parametrize(
        ("price", "fee"), [("2500", "2.69"), ("2500.01", "33.58"), ("20000", "69.28"), ("500000", "651.50")]
    )
    def test_the_processing_fee_has_a_floor_and_a_ceiling(self, price, fee):
        """https://www.govinfo.gov/content/pkg/FR-2025-07-23/html/2025-13869.htm"""
        result = duty(
            "us",
            order(line(f"camera {price} USD", origin="JP"), channel="freight", importer="business", freight="0 USD"),
        )
        assert amount(result, "fee") == D(fee)

    def test_a_traveller_pays_the_flat_rate_and_the_tariff_on_the_rest(self):
        result = duty("us", order(line("shirt 1500 USD", origin="IT"), channel="traveller", sent_from="IT"))
        assert total(result, "flat_rate") == D("30.00") + D("60.00")
        assert total(result) == D("180.00")

    def test_cigarettes_and_spirits_bear_federal_tax(self):
        smokes = duty(
            "us",
            order(line("smokes 50 USD", quantity=400, unit="each", origin="DE"), freight="0 USD", channel="courier"),
        )
        assert amount(smokes, "excise") == D("20.13")  # 400 at 50.33 a thousand
        spirits = duty(
            "us", order(line("whisky 40 USD", quantity="0.75", unit="L", strength=40, origin="JP"), channel="courier")
        )
        assert amount(spirits, "excise") == D("2.14")  # what the bureau prints for a bottle of 80 proof

    def test_days_before_the_rules_are_not_summed_up(self):
        result = duty("us", order(line("shirt 20 USD", origin="VN"), freight="0 USD"), date(2026, 7, 23))
        assert (result.options, codes(result)) == ((), ["day_too_early"])


class TestEmirates:
    def test_a_personal_parcel_up_to_the_limit_pays_vat_alone(self):
        result = duty("ae", order(line("shirt 1000 AED", origin="CN"), freight="0 AED"))
        assert (amount(result, "duty"), amount(result, "vat")) == (D(0), D("50.00"))

    def test_above_it_duty_and_vat_on_the_value_with_duty(self):
        result = duty("ae", order(line("shirt 1001 AED", origin="CN"), freight="99 AED"))
        assert (amount(result, "duty"), amount(result, "vat")) == (D("132.00"), D("61.60"))

    def test_dollars_are_changed_at_the_fixed_rate(self):
        result = duty("ae", order(line("camera 1000 USD", origin="JP"), freight="0 AED"))
        assert amount(result, "customs_value") == D("3672.50")

    def test_tobacco_is_never_free_and_its_excise_is_on_the_shop_price(self):
        result = duty("ae", order(line("smokes 100 AED", quantity=200, unit="each", origin="US"), freight="0 AED"))
        assert amount(result, "duty") == D("50.00")
        assert [row.why for row in rows(result, "excise")] == ["retail_price_unknown"]
        assert [row.why for row in rows(result, "vat")] == ["base_unknown"]


class TestWhatIsNotKnown:
    def test_a_rate_that_nobody_verified_stops_the_sum(self):
        result = duty("gb", order(line("unread 200 GBP", origin="CN")))
        assert [row.why for row in rows(result, "duty")] == ["rate_unverified"]
        assert [row.why for row in rows(result, "vat")] == ["base_unknown"]
        assert total(result) is None

    def test_goods_without_a_code_are_said_and_asked_for(self):
        result = duty("gb", order(line("- 200 GBP", origin="CN")))
        assert result.needs == ("g1.good",)
        assert "unclassified" in codes(result)

    def test_a_currency_without_a_rate_stops_its_row(self):
        result = duty("gb", order(line("shirt 9000 PKR", origin="PK"), line("camera 200 GBP", origin="JP")))
        assert [row.why for row in rows(result, "exchange")] == ["no_rate"]
        assert [row.amount and row.amount.amount for row in rows(result, "vat")] == [None, D("40.00")]

    def test_a_rate_of_exchange_is_a_row_with_its_day(self):
        (row,) = rows(duty("gb", order(line("camera 200 USD", origin="JP"))), "exchange")
        assert (row.base, row.amount, row.as_of) == (money("200 USD"), money("160 GBP"), date(2026, 11, 22))

    def test_only_what_changes_the_sum_is_asked(self):
        unsaid = {
            name: None
            for name in ("channel", "sender", "importer", "gift", "sent_from", "freight", "seller_registered")
        }
        book = duty("gb", order(line("book 300 GBP"), **unsaid))
        assert book.needs == ()
        shirt = duty("gb", order(line("shirt 300 GBP"), **unsaid))
        assert shirt.needs == ("g1.origin", "channel", "freight")

    def test_what_is_certain_stays_and_the_rest_says_on_what_it_depends(self):
        goods = order(line("shirt 100 EUR", origin="CN"), freight="0 EUR", importer=None)
        result = duty("eu", goods)  # a person pays the flat amount, a business the tariff
        assert result.needs == ("importer",)
        assert [(row.amount, row.why) for row in rows(result, "duty")] == [(None, "depends")]
        assert amount(result, "customs_value") == D("100.00")

    def test_a_row_that_another_may_take_the_place_of_is_not_certain(self):
        books = [line("book", origin="JP"), line("book 20 EUR", origin="JP")]
        result = duty(
            "eu", order(*books, freight="0 EUR")
        )  # cheap, they pay the flat amount; dear, the tariff's nothing
        assert "g1.value" in result.needs
        assert [row.why for row in rows(result, "duty")] == ["depends", "depends"]

    def test_another_way_that_may_be_open_is_asked_for_and_the_tariff_is_certain(self):
        result = duty("gb", order(line("shirt 300 GBP")))
        assert result.needs == ("g1.origin",)
        assert amount(result, "duty") == D("36.00")

    def test_weight_is_asked_for_when_a_duty_goes_by_it(self):
        nuts = order(line("nuts 200 GBP", origin="US"), channel="freight")
        assert duty("gb", nuts).needs == ("g1.weight",)
        weighed = nuts.model_copy(update={"lines": (line("nuts 200 GBP", origin="US", weight=250),)})
        assert amount(duty("gb", weighed), "duty") == D("25.00")

    def test_what_a_rate_counts_is_asked_for(self):
        wine = order(line("red_wine 20 GBP", origin="AR"), channel="freight")
        assert duty("gb", wine).needs == ("g1.quantity", "g1.strength")
        bottles = line("red_wine 20 GBP", origin="AR", quantity=3, unit="each", strength=13)
        assert duty("gb", order(bottles, channel="freight")).needs == ("g1.quantity",), "three of what size?"

    def test_a_least_and_a_most_bound_a_duty(self):
        def due(price: str, pieces: int) -> D | None:
            goods = line(f"watch {price} GBP", origin="CH", quantity=pieces, unit="each")
            return amount(duty("gb", order(goods, channel="freight")), "duty")

        assert (due("140", 500), due("1000", 100), due("1000", 10)) == (D("150.00"), D("45.00"), D("8.00"))

    def test_rates_that_nobody_looked_at_for_a_year_are_said_to_be_old(self):
        goods = order(line("camera 200 GBP", origin="JP"))
        assert "old_rates" not in codes(duty("gb", goods, date(2027, 11, 2)))
        assert "old_rates" in codes(duty("gb", goods, date(2027, 11, 3)))

    def test_no_goods_are_no_sum(self):
        assert codes(duty("gb", order())) == ["no_goods"]
