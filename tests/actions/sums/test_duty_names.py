"""Every duty on top and every agreement of the packs' duties.yml has a name, in every language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from actions.context import Turn
from actions.sums.charges import row_cells
from actions.sums.duty_names import additional_name, agreement_name
from knowledge_base.rules.basket import Money
from knowledge_base.rules.results import Rate, Row
from tests.actions.test_wording import TRANSLATED
from tests.knowledge_base.rules.duty_sums import PACKS

LANGUAGES = ("en", *TRANSLATED)
RULES = [pack.rules["duties"] for pack in PACKS.values()]


def turn(language: str) -> Turn:
    return Turn("c", "", language, "r", date(2026, 11, 22))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_additional_duty_has_a_name_of_its_own(language):
    for duty in (duty for rules in RULES for duty in rules.additional):
        assert additional_name(turn(language), duty.id) != additional_name(turn(language), None), duty.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_agreement_has_a_name(language):
    names = {each.id: agreement_name(turn(language), each.id) for rules in RULES for each in rules.preferences}
    assert len(names) > 15 and all(names.values())
    assert len(set(names.values())) == len(names)
    assert not any(
        each.id.upper() in names[each.id] for rules in RULES for each in rules.preferences if len(each.id) == 2
    )


def test_a_row_tells_which_duty_is_on_top():
    hundred = Money(amount=Decimal(100), currency="USD")
    row = Row(
        "additional_duty", Money(amount=Decimal(10), currency="USD"), hundred, Rate(Decimal(10)), code="s301_labor_low"
    )
    assert row_cells(turn("en"), row, "us")[0] == "Duty of July 2026 by country (Section 301)"
    unread = Row("additional_duty", None, hundred, code="s338_canada", why="additional_unknown")
    what, *_, amount = row_cells(turn("en"), unread, "us")
    assert (what, amount) == ("Duty on listed goods of Canada (Section 338)", "not known whether it is due")
