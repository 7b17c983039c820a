"""One row of a pack's goods: what an agreement frees is free, and what it says itself comes first."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from knowledge_base.rules.duty_goods import GoodsRate

ROW = {"good": "shirt", "code": "6205 20 00", "source": "table", "as_of": "2026-01-02", "status": "verified"}


def test_an_agreement_that_frees_goods_is_a_preference_of_nothing():
    rate = GoodsRate.model_validate({**ROW, "duty": [{"percent": 12}], "free_under": ["kr", "sg"]})
    assert {name: part.percent for name, (part,) in rate.preference.items()} == {"kr": 0, "sg": 0}


def test_a_duty_that_is_given_for_a_preference_stays():
    rate = GoodsRate.model_validate({**ROW, "free_under": ["kr"], "preference": {"kr": [{"percent": 3}]}})
    assert rate.preference["kr"][0].percent == 3


def test_a_row_survives_being_written_and_read():
    rate = GoodsRate.model_validate({**ROW, "duty": [{"percent": 12}], "free_under": ["kr"]})
    assert GoodsRate.model_validate_json(rate.model_dump_json()) == rate


@pytest.mark.parametrize("free", ["kr", 1, [1], {"kr": 0}])
def test_what_is_no_list_of_names_is_refused(free):
    with pytest.raises(ValidationError, match="free_under"):
        GoodsRate.model_validate({**ROW, "free_under": free})
