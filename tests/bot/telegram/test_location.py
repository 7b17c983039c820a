"""A shared location: the country by its nearest towns, confirmed by a button, and never kept."""

from __future__ import annotations

import sqlite3

import pytest

from bot.telegram.administrations import covered_from_packs
from bot.telegram.nearest import nearest
from customs.settings import Settings
from tests.bot.telegram.harness import NAMES, World, buttons

DUBAI_AIRPORT, GENEVA_AIRPORT, EL_PASO = (25.2532, 55.3657), (46.2381, 6.1090), (31.7587, -106.4869)


async def share(world: World, place: tuple[float, float], **given):
    user = world.phone(**given)
    user.say(location={"latitude": place[0], "longitude": place[1]})
    return user, (await user.rest())[-1]


@pytest.mark.parametrize(
    "place, countries",
    [
        (DUBAI_AIRPORT, ("AE",)),
        ((51.4700, -0.4543), ("GB",)),  # Heathrow
        ((40.6413, -73.7781), ("US",)),  # Kennedy
        ((28.1235, -15.4363), ("ES-53",)),  # Las Palmas: in Spain, not in the customs territory's tax area
        ((54.5973, -5.9301), ("GB-NIR",)),  # Belfast
        ((18.4655, -66.1057), ("PR",)),  # San Juan
    ],
)
def test_the_country_of_a_place(place, countries):
    assert nearest(*place).countries == countries


@pytest.mark.parametrize("place, both", [(GENEVA_AIRPORT, {"CH", "FR"}), (EL_PASO, {"US", "MX"})])
def test_at_a_border_both_sides_are_named(place, both):
    assert both <= set(nearest(*place).countries)


@pytest.mark.parametrize("place", [(0.0, -30.0), (90.0, 0.0), (-90.0, 180.0), (0.0, 179.999), (float("nan"), 0.0)])
def test_the_open_sea_the_poles_and_no_number_at_all_are_no_country(place):
    assert nearest(*place) is None


def test_the_packs_say_which_countries_they_cover():
    covered = covered_from_packs(Settings({}))
    assert (covered["AE"], covered["FR"], covered["PR"], covered["GB"]) == ("ae", "eu", "us", "gb")
    assert "GB-NIR" not in covered and "ES-53" not in covered and "CH" not in covered


@pytest.mark.parametrize(
    "language, words", [("en", ", United Arab Emirates. Shall I"), ("ar", "الإمارات العربية المتحدة")]
)
async def test_the_country_is_named_and_set_only_after_the_button(world, language, words):
    user, message = await share(world, DUBAI_AIRPORT, language_code=language)
    assert words in message["text"] and world.rasa.seen == []
    first, other = buttons(message)
    user.press(message, first["text"])
    await user.rest()
    assert world.rasa.messages == ['/change_administration{"administration":"ae"}']


async def test_another_country_may_be_chosen_instead(world):
    user, message = await share(world, DUBAI_AIRPORT)
    user.press(message, "Another country")
    menu = (await user.rest())[-1]
    assert [one["text"] for one in buttons(menu)] == list(NAMES.values())
    user.press(menu, "Great Britain")
    await user.rest()
    assert world.rasa.messages == ['/change_administration{"administration":"gb"}']


async def test_a_country_without_guidance_is_said_and_the_others_offered(world):
    _, message = await share(world, (35.6762, 139.6503))
    assert "Japan" in message["text"] and "no customs guidance" in message["text"]
    assert [one["text"] for one in buttons(message)] == list(NAMES.values())


async def test_at_a_border_one_is_asked(world):
    _, message = await share(world, GENEVA_AIRPORT)
    assert "close to a border" in message["text"]
    assert [one["text"] for one in buttons(message)] == [NAMES["eu"], "Another country"]


async def test_a_place_at_sea_is_asked_back(world):
    _, message = await share(world, (0.0, -30.0))
    assert "cannot tell" in message["text"] and len(buttons(message)) == 4


async def test_a_venue_counts_and_a_moving_location_or_a_groups_own_does_not(world):
    user = world.phone()
    place = {"latitude": DUBAI_AIRPORT[0], "longitude": DUBAI_AIRPORT[1]}
    user.say(location=place, venue={"location": place, "title": "Terminal 3", "address": "Airport Road"})
    assert "United Arab Emirates" in (await user.rest())[-1]["text"]
    user.say(location=place, kind="edited_message")
    group = world.phone(chat_id=-77, chat_type="group", user_id=5)
    group.say(location=place)
    assert await user.rest() == [] and await group.rest() == []


async def test_the_location_is_not_kept(world):
    await share(world, DUBAI_AIRPORT)
    with sqlite3.connect(world.settings.var_dir / "telegram.db") as database:
        dump = "\n".join(database.iterdump())
    assert "25.25" not in dump and "55.36" not in dump
