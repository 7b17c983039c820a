"""A country that a story only tells of does not take the question away from the administration of the conversation."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from actions.story import at_home
from customs.settings import ROOT
from knowledge_base.model import Administration
from knowledge_base.packs import read_model
from knowledge_base.places import Administrations


@pytest.fixture(scope="module")
def places() -> Administrations:
    faults: list = []
    profiles = [
        read_model(ROOT / "knowledge_base/content" / name / "administration.yml", Administration, faults)
        for name in ("ae", "us", "gb", "eu")
    ]
    assert not faults
    return Administrations(profiles)


@pytest.mark.parametrize(
    ("home", "text"),
    [
        ("us", "textbooks are 1/5 the price in delhi. can i fly home with a suitcase of them and resell"),
        ("us", "we're a GmbH in Munich, no office in America, want to sell DDP. can we be the importer ourselves"),
        ("gb", "i run a shopify in Canada, ship £40 scarves to Brits. am i supposed to register for something"),
        ("gb", "my supplier in Rotterdam already paid the duty on the drills. why are we charged a second time"),
        ("gb", "my German plated golf, coming to nanny in Surrey for 4 months. register it or leave as is?"),
        ("eu", "grandpa in Canada is mailing me an envelope of banknotes. how long do i have to answer customs"),
        ("eu", "US brand, want to ship to our german clients all-in. can we stand on the import papers ourselves"),
        ("eu", "mandamos unas máquinas a una obra en Chile y vuelven igual que se fueron, ¿pagamos otra vez arancel?"),
        ("us", "bought a rug from Tabriz in Dubai. Yankee customs gonna care?"),
    ],
)
def test_a_story_stays_at_home(places: Administrations, home: str, text: str) -> None:
    named = at_home(SimpleNamespace(administration=home, places=places, text=text), places.find(text))
    assert (named.administration or home, named.uncovered, named.destinations) == (home, None, ())


@pytest.mark.parametrize(
    ("home", "text", "uncovered"),
    [
        ("gb", "how much wine may i bring in japan", "JP"),
        ("gb", "in japan, how much wine may i bring", "JP"),
        ("gb", "if i land in japan, how much wine may i bring", "JP"),
        ("gb", "i am off to japan next week with the kids. how much wine may i bring to japan", "JP"),
        ("gb", "what are the rules in japan", "JP"),
        ("gb", "japan, how much wine", "JP"),
    ],
)
def test_a_question_about_another_country_goes_there(
    places: Administrations, home: str, text: str, uncovered: str
) -> None:
    named = at_home(SimpleNamespace(administration=home, places=places, text=text), places.find(text))
    assert named.uncovered == uncovered
    assert named.administration != home


@pytest.mark.parametrize(
    ("home", "text", "there"),
    [
        ("gb", "how much gold may i bring to dubai", "ae"),
        ("gb", "i live in london. how much gold may i take to dubai", "ae"),
        ("us", "how many cigarettes can i bring into france", "eu"),
    ],
)
def test_a_place_that_one_goes_to_wins(places: Administrations, home: str, text: str, there: str) -> None:
    assert at_home(SimpleNamespace(administration=home, places=places, text=text), places.find(text)).administration == there
