"""Where a journey begins and ends, and whether an administration is left, by the packs' own lists of what they cover."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge_base.places import Administrations, Named, find_places

HERE = Path(__file__)
CONTENT = HERE.parents[2] / "knowledge_base" / "content"
GROUPS = YAML(typ="safe").load(HERE.with_name("journeys.yml"))
NO_PLACE = GROUPS.pop("no place")
CASES = [case for cases in GROUPS.values() for case in cases]


def read_profiles():
    return [YAML(typ="safe").load(path) for path in sorted(CONTENT.glob("*/administration.yml"))]


@pytest.fixture(scope="module")
def administrations():
    return Administrations(read_profiles())


def test_there_are_enough_cases_and_none_twice():
    keys = [(case["q"], case.get("session")) for case in CASES]
    assert len(keys) >= 200 and len(set(keys)) == len(keys)
    assert set(GROUPS) >= {"en", "ar", "es", "fr", "hi", "ru", "ur", "zh"}
    assert min(len(cases) for cases in GROUPS.values()) >= 5


@pytest.mark.parametrize("case", CASES, ids=[f"{case['q']} ({case.get('session', '')})" for case in CASES])
def test_a_journey(administrations, case):
    named = administrations.find(case["q"], case.get("session"))
    told = {
        "is": named.administration,
        "from": named.origin,
        "to": named.destination,
        "exporting": named.exporting,
        "several": list(named.destinations),
    }
    assert told == {
        "is": case.get("is"),
        "from": case.get("from"),
        "to": case.get("to"),
        "exporting": case.get("exporting", False),
        "several": case.get("several", []),
    }, named.places


@pytest.mark.parametrize("text", NO_PLACE)
def test_things_that_are_called_like_a_place(administrations, text):
    named = administrations.find(text, session="gb")
    assert (named.administration, named.uncovered, named.destination, named.exporting) == (None, None, None, False)


def test_a_destination_without_a_pack_is_uncovered_also_on_the_way_out(administrations):
    assert administrations.find("gold out of dubai to india").uncovered == "IN"
    assert administrations.find("flying to Ghana with ten grand", "gb").uncovered == "GH"
    assert administrations.find("exporting my car from the uk to dubai").uncovered is None


def test_the_administration_chosen_so_far_is_left_only_if_it_is_served(administrations):
    text = "flying to Ghana with ten grand"
    assert administrations.find(text, "xx") == administrations.find(text)
    assert not administrations.find(text).exporting


def test_a_town_of_a_region_with_other_rules_is_in_that_region(administrations):
    assert administrations.find("st thomas rum limit").region == "us virgin islands"
    assert administrations.find("rum from st thomas to miami").region is None


def test_a_text_without_places_names_nothing(administrations):
    assert administrations.find("how much wine", "gb") == Named()


WORDS = (
    "from to out of leaving back dubai london ghana paris then and, in at for 去 从 伦敦 से दुबई إلى لندن в Париж".split()
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from([None, "gb", "ae", "?"]))
def test_what_is_told_agrees_with_itself(words, session):
    named = ADMINISTRATIONS.find(" ".join(words), session)
    if named.exporting:
        assert named.administration and not named.destinations
    assert len(named.destinations) != 1
    assert not named.destinations or named.administration in named.destinations
    if named.uncovered:
        assert named.destination == named.uncovered or not named.exporting
    if not find_places(" ".join(words)):
        assert named == Named()


ADMINISTRATIONS = Administrations(read_profiles())
