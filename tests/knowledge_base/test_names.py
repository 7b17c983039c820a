"""Names of countries, administrations and languages, as eight languages write them."""

from __future__ import annotations

import pytest

from knowledge_base.names import administration_name, country_name, language_named, own_name

LANGUAGES = ("ar", "en", "es", "fr", "hi", "ru", "ur", "zh")


def test_country_names_are_in_the_language_of_the_reader() -> None:
    assert country_name("jp", "en") == "Japan"
    assert country_name("JP", "ar") == "اليابان"
    assert country_name("JP", "zh") == "日本"
    assert country_name("QM", "fr") == "QM"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_name_of_its_own_that_leads_back_to_it(language: str) -> None:
    assert language_named(own_name(language), LANGUAGES) == language


def test_an_administration_has_the_name_that_its_pack_gives() -> None:
    assert administration_name("ae", {"en": "United Arab Emirates", "ar": "الإمارات"}, "ar") == "الإمارات"


def test_an_administration_named_like_its_country_is_named_so_in_every_language() -> None:
    assert administration_name("us", {"en": "United States"}, "es") == "Estados Unidos"
    assert administration_name("eu", {"en": "European Union"}, "ru") == "Европейский союз"


def test_great_britain_is_not_called_the_united_kingdom() -> None:
    assert administration_name("gb", {"en": "Great Britain"}, "fr") == "Great Britain"


def test_an_administration_without_an_english_name_still_has_one() -> None:
    assert administration_name("qm", {"ar": "ميريديا"}, "fr") == "ميريديا"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("speak arabic please", "ar"), ("عربي", "ar"), ("بالعربي لو سمحت", "ar"), ("arabe", "ar"), ("bil 3arabi", "ar"),
        ("अरबी", "ar"), ("عربی میں", "ar"), ("阿拉伯语", "ar"),
        ("english", "en"), ("بالانجليزي", "en"), ("الإنجليزية", "en"), ("говори по-английски", "en"), ("अंग्रेजी", "en"),
        ("अंग्रेज़ी में", "en"), ("انگریزی", "en"), ("用英文", "en"), ("en inglés", "en"), ("angrezi", "en"), ("englich", "en"),
        ("habla español", "es"), ("espanol", "es"), ("castellano", "es"), ("اسباني", "es"), ("西语", "es"), ("spanisch", "es"),
        ("parle français", "fr"), ("francais", "fr"), ("فرنسي", "fr"), ("法语", "fr"), ("французский", "fr"),
        ("हिंदी में बात करो", "hi"), ("हिन्दी", "hi"), ("hindi mein", "hi"), ("هندي", "hi"), ("ہندی", "hi"), ("印地语", "hi"),
        ("по-русски пожалуйста", "ru"), ("на русском", "ru"), ("روسي", "ru"), ("रूसी", "ru"), ("俄语", "ru"), ("RUSSIAN", "ru"),
        ("اردو میں", "ur"), ("urdu me baat karo", "ur"), ("أردو", "ur"), ("उर्दू", "ur"), ("乌尔都语", "ur"),
        ("用中文", "zh"), ("汉语", "zh"), ("说普通话", "zh"), ("по-китайски", "zh"), ("صيني", "zh"), ("mandarin", "zh"), ("chinese", "zh"),
    ],
)  # fmt: skip
def test_a_language_is_known_by_its_name_in_any_language(text: str, language: str) -> None:
    assert language_named(text, LANGUAGES) == language


@pytest.mark.parametrize(
    "text", ["", "change language", "🙂", "how much wine", "another one please", "dubai", "\ud800", "(*+?["]
)
def test_what_names_no_language_is_none(text: str) -> None:
    assert language_named(text, LANGUAGES) is None


def test_the_language_that_is_denied_is_not_the_wanted_one() -> None:
    assert language_named("i don't speak english, arabic please", LANGUAGES) == "ar"
    assert language_named("no hablo inglés, español", LANGUAGES) == "es"
    assert language_named("not english", LANGUAGES) is None


def test_a_language_that_is_not_offered_is_none() -> None:
    assert language_named("speak russian", ("ar", "en")) is None
