"""What holds for every consignment: dearer goods never pay less, order does not matter, unknown is never nothing, rows make the total."""

from __future__ import annotations

from decimal import Decimal as D

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.rules.consignment import Consignment, ConsignmentLine
from tests.knowledge_base.rules.duty_sums import RULES, duty, line, money, order

GOODS = ("shirt", "blouse", "camera", "book", "watch", "whisky", "scent")
cents = st.integers(1, 300_000).map(lambda number: D(number) / 100)
administrations = st.sampled_from(sorted(RULES))


@st.composite
def lines(draw: st.DrawFn, currency: str) -> ConsignmentLine:
    good = draw(st.sampled_from(GOODS))
    return line(
        f"{good} {draw(cents)} {currency}",
        origin=draw(st.sampled_from(("CN", "VN", "IT", "GB", "MX", "SA"))),
        quantity=draw(st.integers(1, 9)),
        unit="L" if good in ("whisky", "scent") else "each",
        strength=40,
        weight=1,
    )


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, Consignment]:
    administration = draw(administrations)
    currency = RULES[administration].currency
    goods = draw(st.lists(lines(currency), min_size=1, max_size=4))
    gift = draw(st.booleans())
    return administration, order(
        *goods,
        freight=f"{draw(st.integers(0, 5000)) / D(100)} {currency}",
        channel=draw(st.sampled_from(("post", "courier", "online", "freight", "traveller"))),
        gift=gift,
        sender="private" if gift else draw(st.sampled_from(("private", "business"))),
        importer=draw(st.sampled_from(("person", "business"))),
        seller_registered=draw(st.booleans()),
    )


def totals(administration: str, consignment: Consignment) -> dict[str, D | None]:
    return {
        option.code: option.total.amount if option.total else None
        for option in duty(administration, consignment).options
    }


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_rows_make_the_total(case):
    for option in duty(*case).options:
        charged = [row.amount for row in option.sum.rows if row.kind not in ("exchange", "customs_value")]
        if None in charged:
            assert option.total is None
        else:
            assert option.total.amount == sum((each.amount for each in charged), D(0))
            assert option.total.amount >= option.on_arrival.amount >= 0


@settings(max_examples=150, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_matter(case, random):
    administration, consignment = case
    mixed = list(consignment.lines)
    random.shuffle(mixed)
    before = totals(administration, consignment)
    after = totals(administration, consignment.model_copy(update={"lines": tuple(mixed)}))
    assert before.keys() == after.keys()
    for code, amount in before.items():
        # The cents that sharing out the freight leaves over may fall on another line, which may bear another rate.
        slack = D("0.02") * len(mixed)
        assert (amount is None) == (after[code] is None)
        assert amount is None or abs(amount - after[code]) <= slack


def by_the_tariff(case: tuple[str, Consignment]) -> tuple[str, Consignment]:
    """The case without what may lawfully make dearer goods cheaper.

    Freight is shared out by price, so that a dear book takes it from a shirt that pays duty; the flat amount for each kind, and choosing
    which presents fit, are other ways of counting.
    """
    administration, consignment = case
    free = money(f"0 {RULES[administration].currency}")
    return administration, consignment.model_copy(update={"freight": free, "importer": "business", "gift": False})


@settings(max_examples=200, deadline=None)
@given(cases(), cents, st.integers(0, 3))
def test_dearer_goods_never_pay_less(case, more, which):
    administration, consignment = by_the_tariff(case)
    place = which % len(consignment.lines)
    dearer = list(consignment.lines)
    value = dearer[place].value
    dearer[place] = dearer[place].model_copy(update={"value": value.model_copy(update={"amount": value.amount + more})})
    cheap = totals(administration, consignment)["standard"]
    dear = totals(administration, consignment.model_copy(update={"lines": tuple(dearer)}))["standard"]
    assert (cheap is None) == (dear is None)
    assert cheap is None or dear >= cheap


@settings(max_examples=150, deadline=None)
@given(cases())
def test_one_more_good_never_pays_less(case):
    administration, consignment = by_the_tariff(case)
    for count in range(1, len(consignment.lines)):
        fewer = totals(administration, consignment.model_copy(update={"lines": consignment.lines[:count]}))["standard"]
        more = totals(administration, consignment)["standard"]
        assert fewer is None or more is None or more >= fewer


@settings(max_examples=150, deadline=None)
@given(cases(), st.sampled_from(("value", "origin", "good")))
def test_what_is_not_known_is_never_nothing(case, fact):
    administration, consignment = case
    known = totals(administration, consignment)
    lines = (consignment.lines[0].model_copy(update={fact: None}), *consignment.lines[1:])
    result = duty(administration, consignment.model_copy(update={"lines": lines}))
    for option in result.options:
        if option.total is not None:
            # The sum is certain without the fact, or the fact is asked for and its rows carry no amount.
            assert known.get(option.code) in (option.total.amount, None)


@settings(max_examples=100, deadline=None)
@given(cases())
def test_a_line_in_two_parts_pays_the_same(case):
    administration, consignment = case
    first = consignment.lines[0]
    if (
        first.good == "watch" or consignment.gift
    ):  # a least and a most for each piece; presents that fit are chosen whole
        return
    half = (first.value.amount / 2).quantize(D("0.01"))
    parts = tuple(
        first.model_copy(update={
            "id": f"{first.id}{name}", "value": money(f"{amount} {first.value.currency}"),
            "quantity": first.quantity * amount / first.value.amount, "weight": first.weight / 2,
        })
        for name, amount in (("a", half), ("b", first.value.amount - half))
        if amount
    )  # fmt: skip
    whole = totals(administration, consignment)
    split = totals(administration, consignment.model_copy(update={"lines": (*parts, *consignment.lines[1:])}))
    for code, amount in whole.items():
        slack = D("0.05") * (1 + len(consignment.lines))
        assert amount is None or abs(amount - split[code]) <= slack


@settings(deadline=None)
@given(st.integers(1, 100_000), st.integers(0, 20_000), st.integers(1, 6))
def test_freight_is_shared_out_to_the_last_penny(price, freight, count):
    goods = [line(f"shirt {D(price + 7 * number) / 100} GBP", origin="VN") for number in range(count)]
    result = duty("gb", order(*goods, freight=f"{D(freight) / 100} GBP"))
    values = [row.amount.amount for row in result.options[0].sum.rows if row.kind == "customs_value"]
    assert sum(values) == sum(D(price + 7 * number) for number in range(count)) / 100 + D(freight) / 100


def test_the_price_of_a_present_is_asked_where_another_present_hangs_on_it():
    # The book itself pays nothing whatever it costs; but presents are free together up to a sum.
    goods = [line(text, origin="CN", quantity=1, weight=1) for text in ("book 0.01 EUR", "shirt 0.05 EUR")]
    whole = order(*goods, freight="0 EUR", channel="post", gift=True, sender="private", importer="person")
    unpriced = whole.model_copy(update={"lines": (whole.lines[0].model_copy(update={"value": None}), whole.lines[1])})
    result = duty("eu", unpriced)
    assert f"{whole.lines[0].id}.value" in result.needs
    assert result.option("standard").total is None
