"""Sums for programs, on the real packs: what is told, what is missing, and what a faulty request is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.sums.service import FIELDS, sum_up
from customs.blocks import check_block
from customs.settings import Settings
from tests.actions.rules_only import PACKS, rules_only

SETTINGS = Settings({})
LANGUAGES = SETTINGS.languages


def ask(kind: str, **request: Any) -> tuple[int, dict[str, Any]]:
    status, answer = sum_up(kind, request, SETTINGS, rules_only())  # type: ignore[arg-type]
    json.dumps(answer)
    for block in answer.get("blocks", []):
        check_block(block)
    return status, answer


def test_goods_told_in_words_are_worked_out() -> None:
    text = "2 litres of whisky and 400 cigarettes from the us by air, i'm 30"
    status, answer = ask("allowance", administration="gb", text=text, date="2026-11-22")
    assert status == 200 and answer["needs"] == [] and answer["unclear"] == []
    assert answer["result"]["verdict"] == "over"
    (tobacco,) = (pool for pool in answer["result"]["pools"] if pool["id"] == "tobacco")
    assert (tobacco["verdict"], tobacco["share"]) == ("over", "2")
    assert answer["blocks"][0]["text"].startswith("Declare it")


def test_an_answer_goes_back_with_more_in_it() -> None:
    _, first = ask("allowance", administration="gb", text="3 litres of whisky", date="2026-11-22")
    assert "age" in first["needs"]
    basket = first["basket"]
    basket["traveller"] |= {"age": 30, "arriving_from": "US", "by": "air"}
    _, second = ask("allowance", administration="gb", basket=basket, date="2026-11-22")
    assert second["needs"] == [] and second["result"]["verdict"] == "within"


@pytest.mark.parametrize(
    ("administration", "here"), [("gb", "GB"), ("us", "US"), ("ae", "AE"), ("ae", "AE-DU"), ("eu", "FR")]
)
def test_nobody_comes_from_where_they_arrive(administration: str, here: str) -> None:
    # "at heathrow" is where somebody stands; taken for where they come from, all would be free.
    basket = {
        "goods": [{"id": "g1", "kind": "cigarettes", "quantity": "600", "unit": "each"}],
        "traveller": {"age": 30, "arriving_from": here[:2], "arriving_in": here, "by": "air"},
    }
    _, answer = ask("allowance", administration=administration, basket=basket, date="2026-11-22")
    assert answer["result"]["verdict"] != "within"


def test_an_order_is_worked_out() -> None:
    consignment = {
        "lines": [{"id": "g1", "good": "bluetooth_speaker", "value": {"amount": "300", "currency": "GBP"}, "origin": "CN"}],
        "freight": {"amount": "0", "currency": "GBP"}, "channel": "courier", "sender": "business", "importer": "person",
        "gift": False, "sent_from": "CN", "seller_registered": False,
    }  # fmt: skip
    status, answer = ask("duty", administration="gb", consignment=consignment, date="2026-11-22")
    assert status == 200, answer
    kinds = [row["kind"] for option in answer["result"]["options"] for row in option["sum"]["rows"]]
    assert "customs_value" in kinds and "vat" in kinds


def test_cash_is_worked_out() -> None:
    status, answer = ask("cash", administration="ae", text="70000 dirhams in cash")
    assert (status, answer["result"]["verdict"]) == (200, "declare")


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({}, "administration"),
        ({"administration": "fr"}, "administration"),
        ({"administration": "gb", "language": "de"}, "language"),
        ({"administration": "gb", "date": "tomorrow"}, "date"),
        ({"administration": "gb", "text": 5}, "text"),
        ({"administration": "gb", "goods": []}, "goods"),
        ({"administration": "gb", "basket": {"goods": [{"id": "g1", "quantity": "many"}]}}, "basket.goods.0.quantity"),
        ({"administration": "gb", "basket": []}, "basket"),
    ],
)
def test_a_faulty_field_is_named(request_: dict[str, Any], field: str) -> None:
    status, answer = ask("allowance", **request_)
    assert (status, answer["field"]) == (422, field), answer
    assert field.split(".")[0] in answer["message"]


def test_there_is_no_other_sum() -> None:
    assert ask("weather")[0] == 404


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FIELDS)), st.sampled_from(PACKS), st.sampled_from(LANGUAGES), st.text(max_size=60))
def test_no_text_makes_it_fail(kind: str, administration: str, language: str, text: str) -> None:
    status, answer = ask(kind, administration=administration, language=language, text=text)
    assert status == 200, answer


TOLD = (
    "2 bottles of whisky, 300 cigarettes and a watch for 900 dollars, i am 30 from turkey by air",
    "a laptop for 700 euros by courier from the us",
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("administration", PACKS)
def test_every_language_tells_every_sum(administration: str, language: str) -> None:
    for kind in FIELDS:
        for text in (*TOLD, "12000 euros in cash"):
            status, answer = ask(kind, administration=administration, language=language, text=text)
            assert status == 200, answer
            assert "{" not in json.dumps(answer["blocks"], ensure_ascii=False).replace('{"', "").replace(
                '\\"{', ""
            ).replace('{\\"', "")
