"""Which places a text names, in which role, and whose customs rules it asks for."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from knowledge_base.places import Administrations, find_places
from knowledge_base.places_data import build, gazetteer, typos
from knowledge_base.places_data.words import fold, key

EU = "AT BE BG HR CY CZ DE DK EE ES FI FR GR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
PROFILES = [
    {"id": "ae", "covers": ["AE"], "called": ["dubai customs", "جمارك دبي", "icp", "dubai"], "not_covered": []},
    {"id": "us", "covers": ["US", "PR"], "called": ["us customs", "cbp"], "not_covered": ["guam"]},
    {"id": "gb", "covers": ["GB"], "called": ["uk customs", "hmrc", "border force"], "not_covered": ["northern ireland", "belfast", "ni"]},
    {"id": "eu", "covers": EU, "called": ["eu", "the eu", "schengen", "ue"], "not_covered": ["canary islands", "ceuta"]},
]  # fmt: skip
CASES = [
    (group, case)
    for group, cases in YAML(typ="safe").load(Path(__file__).with_name("places_cases.yml")).items()
    for case in cases
]


@pytest.fixture(scope="module")
def administrations():
    return Administrations(PROFILES)


def test_there_are_enough_cases_and_none_twice():
    texts = [case["q"] for _, case in CASES]
    assert len(texts) >= 200 and len(set(texts)) == len(texts)


@pytest.mark.parametrize(("group", "case"), CASES, ids=[case["q"] or "empty" for _, case in CASES])
def test_whose_rules_a_text_asks_for(administrations, group, case):
    named = administrations.find(case["q"])
    assert (named.administration, named.uncovered, named.region) == (
        case.get("is"),
        case.get("uncovered"),
        case.get("region"),
    ), named.places
    assert named.others == case.get("others", []), named.places
    assert named.exporting == case.get("exporting", False), named.places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from dubai to london", [("dubai", "AE", "city", "from"), ("london", "GB", "city", "to")]),
        ("flying JFK to heathrow", [("JFK", "US", "airport", "from"), ("heathrow", "GB", "airport", "to")]),
        ("into france via doha", [("france", "FR", "country", "to"), ("doha", "QA", "city", "through")]),
        ("a japanese knife", [("japanese", "JP", "demonym", None)]),
        ("لدبي", [("لدبي", "AE", "city", "to")]),
        ("الى دبي", [("دبي", "AE", "city", "to")]),
        ("इंडिया से दुबई", [("इंडिया", "IN", "country", "from"), ("दुबई", "AE", "city", "to")]),
        ("从日本到英国", [("日本", "JP", "country", "from"), ("英国", "GB", "country", "to")]),
        ("I'm from São Paulo", [("São Paulo", "BR", "city", "from")]),
        ("Côte d’Ivoire", [("Côte d’Ivoire", "CI", "country", None)]),
    ],
)
def test_places_with_country_kind_and_role(text, expected):
    places = find_places(text)
    assert [(place.text, place.country, place.kind, place.role) for place in places] == expected
    assert all(text[place.start : place.end] == place.text for place in places)


@pytest.mark.parametrize("language", build.LANGUAGES)
@pytest.mark.parametrize("country", ["AE", "US", "GB", "FR", "IN", "JP", "SA", "DE", "PK", "RU", "BR", "ZA"])
def test_countries_are_known_by_their_names_in_every_language(language, country):
    from babel import Locale

    name = build._plain(Locale(language).territories[country])
    assert [place.country for place in find_places(name)] == [country], name


@pytest.mark.parametrize("text", ["\u064b", "\u0301", "to \u0670 dubai", "\u200d\u200c", "ـ"])
def test_marks_without_a_letter_are_no_words(text):
    assert [place.country for place in find_places(text)] == (["AE"] if "dubai" in text else [])


def test_leaving_is_told_from_coming_from():
    leaving, coming = find_places("gold out of dubai")[0], find_places("gold from dubai")[0]
    assert (leaving.role, leaving.leaving) == ("from", True)
    assert (coming.role, coming.leaving) == ("from", False)


def test_a_packs_own_phrase_is_of_kind_own(administrations):
    (place,) = administrations.find("hmrc phone").places
    assert (place.country, place.kind) == ("gb", "own")


def test_profiles_may_be_objects():
    profile = SimpleNamespace(id="ae", covers=("AE",), called=["afseh"], not_covered=None)
    administrations = Administrations([profile])
    assert administrations.find("afseh app").administration == "ae"
    assert administrations.find("to london").uncovered == "GB"


def test_without_administrations_every_destination_is_uncovered():
    assert Administrations([]).find("to dubai").uncovered == "AE"


def test_two_small_letters_are_no_region(administrations):
    assert administrations.find("ni vino ni queso").region is None
    assert administrations.find("parcels to NI").region == "ni"


@pytest.mark.parametrize("word", ["pairs", "chain", "franc", "maleta", "часом", "الدين", "alegria"])
def test_known_words_are_no_slips(word):
    assert typos.near(fold(word)) is None


@pytest.mark.parametrize(
    ("slip", "country"),
    [
        ("duabi", "AE"),
        ("lodnon", "GB"),
        ("germny", "DE"),
        ("swizerland", "CH"),
        ("austrailia", "AU"),
        ("malasya", "MY"),
    ],
)
def test_slips_in_long_names(slip, country):
    assert typos.near(slip).entry.country == country


def test_a_slip_of_a_rarer_name_needs_a_preposition():
    assert not find_places("swizerland")
    assert [place.country for place in find_places("into swizerland")] == ["CH"]


@pytest.mark.parametrize(
    ("name", "form"),
    [("индия", "индиеи"), ("дубаи", "дубая"), ("москва", "москву"), ("лондон", "лондоне"), ("эмираты", "эмиратах")],
)
def test_russian_cases(name, form):
    assert form in gazetteer.cases(name)


def test_names_are_compared_without_accents_marks_and_variant_letters():
    assert key("México") == "mexico" and key("Émirats") == "emirats"
    assert fold("الإمارات") == fold("الامارات") and fold("دُبَيّ") == fold("دبی")
    assert fold("हाँग") == fold("हांग") and fold("ё") == "е"


def test_the_list_of_names_is_the_one_that_the_installed_sources_give():
    made = {line.rsplit("\t", 1)[0] for line in build.lines()}
    kept = {line.rsplit("\t", 1)[0] for line in gazetteer.read_lines("names.tsv")}
    assert made == kept, "run python -m knowledge_base.places_data.build and look at the difference"


def test_data_files_name_only_real_countries():
    from babel import Locale

    known = set(Locale("en").territories)
    for name in ("aliases.txt", "demonyms.txt"):
        for line in gazetteer.read_lines(name):
            assert line.split(":", 1)[0].split()[0] in known, line


def test_airport_lists_hold_real_codes():
    loaded = gazetteer.load()
    assert {code.upper() for code in loaded.busy_codes} <= set(loaded.codes)
    assert all(len(code) == 3 or len(code) == 4 for code in loaded.not_codes)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_taken(text):
    for place in find_places(text):
        assert text[place.start : place.end] == place.text and place.text
        assert place.role in {None, "to", "from", "through"}


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            "from to dubai london via the turkey US CAN لدبي 从 日本 से भारत в Лондон - , ? in bought".split()
        ),
        max_size=14,
    )
)
def test_any_mixture_of_places_is_taken(words):
    text = " ".join(words)
    places = find_places(text)
    assert all(first.end <= second.start for first, second in zip(places, places[1:]))
    Administrations(PROFILES).find(text)


def test_a_long_text_takes_no_longer_in_proportion(administrations):
    """Ten times the text, not a hundred times the time."""
    text = "from dubai to london with gold and perfume bought in japan "

    def seconds(times):
        started = time.perf_counter()
        administrations.find(text * times)
        return time.perf_counter() - started

    administrations.find(text)
    short = min(seconds(3) for _ in range(5))
    assert min(seconds(30) for _ in range(3)) < 40 * short


@pytest.mark.parametrize(
    ("text", "administration", "rest"),
    [
        ("how much wine can i bring to the uk", "gb", "how much wine can i bring"),
        ("moving from dubai to london", "gb", "moving from dubai"),
        ("combien de cigarettes puis-je ramener en france", "eu", "combien de cigarettes puis-je ramener"),
        ("去迪拜可以带多少香烟", "ae", "可以带多少香烟"),
        ("parcel to northern ireland", "gb", "parcel to northern ireland"),
        ("dubai", "ae", "dubai"),
        ("how much wine can i bring to the uk", "eu", "how much wine can i bring to the uk"),
    ],
)
def test_a_question_without_its_own_administration(administrations, text, administration, rest):
    assert " ".join(administrations.without(text, administration).split()) == rest


@pytest.mark.parametrize(
    ("text", "administration"),
    [
        ("how do i get a ruling from cbp", "us"),
        ("a letter from hmrc about my parcel", "gb"),
        ("parcels from the eu", None),
    ],
)
def test_an_authority_is_no_origin(administrations, text, administration):
    assert administrations.find(text).administration == administration


@pytest.mark.parametrize(
    ("text", "administration"),
    [
        ("2 litre of rum to jfk", "us"),
        ("cash to dxb", "ae"),
        ("how many ciggies to lhr", "gb"),
        ("what can i do", None),
    ],
)
def test_busy_airports_are_known_in_small_letters(administrations, text, administration):
    assert administrations.find(text).administration == administration


def test_what_is_found_for_one_text_is_looked_for_once_and_cannot_be_spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    named = Administrations([{"id": "gb", "covers": ["GB"]}])
    first = named.find("from dubai to london")
    expected = list(first.places)
    first.places.clear()
    with monkeypatch.context() as patched:
        patched.setattr("knowledge_base.places.matching.match", lambda *_: pytest.fail("looked for again"))
        assert named.find("from dubai to london").places == expected
        assert named.without("from dubai to london", "gb") == "from dubai"
    monkeypatch.setattr("knowledge_base.places._REMEMBERED", 3)
    for number in range(9):
        named.find(f"to paris {number}")
    assert len(named._recent) <= 3


@pytest.mark.parametrize(
    ("text", "session", "administration", "exporting"),
    [
        ("how do i export a car to germany", "us", "us", True),
        ("how do i export a car to germany", None, "eu", False),
        ("i sell from lisbon and post a vase to chicago, is there an export declaration", None, "eu", True),
        ("import from china to dubai", "ae", "ae", False),
    ],
)
def test_exports_are_asked_of_where_they_leave(administrations, text, session, administration, exporting):
    named = administrations.find(text, session)
    assert (named.administration, named.exporting) == (administration, exporting)


MONEY = [{**profile, "currency": currency} for profile, currency in zip(PROFILES, ["AED", "USD", "GBP", "EUR"])]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("courier wants £62 for trainers", "gb"),
        ("they want 40 quid", "gb"),
        ("do i declare 12.000 euros", "eu"),
        ("معي 60000 درهم", "ae"),
        ("я везу 500 евро", "eu"),
        ("i carry 5 pounds of ham", None),
        ("500 pounds in cash", None),
        ("$800 of perfume", None),
        ("20 dollars", None),
        ("a £300 bag for 350 €", None),
        ("3000 rupees", None),
        ("3000 rupees, 200 dirhams", None),
        ("how much wine", None),
        ("3 bottles", None),
    ],
)
def test_whose_money_a_text_reckons_in(text, told):
    assert Administrations(MONEY).reckoning_in(text, "ru" if "евро" in text else "en") == told


def test_money_of_two_administrations_tells_neither():
    both = [{**PROFILES[2], "currency": "GBP"}, {**PROFILES[0], "currency": "GBP"}]
    assert Administrations(both).reckoning_in("£62", "en") is None
