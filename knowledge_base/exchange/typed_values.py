"""A value that staff type or paste for a figure, "AED 60,000", "5 %", "1 July 2027", read exactly or refused.

>>> read_value("AED 60,000", limit, "en")
Decimal('60000')
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import get_currency_name, get_currency_precision, get_currency_symbol

from knowledge_base.exchange.errors import ValueRefused
from knowledge_base.exchange.typed_numbers import NUMBER, plain_digits, read_number
from knowledge_base.figures import _CLDR_UNITS, _words
from knowledge_base.model import Figure

LANGUAGES = ("en", "ar", "es", "fr", "hi", "ru", "ur", "zh", "de")
MOST_CHARACTERS = 200
_NUMBER = re.compile(NUMBER)
_PERCENT = ("%", "percent", "per cent", "pct")
# Signs that stand for other currencies too, but are what people write for this one.
_CURRENCY_SIGNS = {"AED": ("dh", "dhs", "درهم", "د.إ"), "USD": ("$", "us$"), "EUR": ("€",), "GBP": ("£",)}


def read_value(text: str, figure: Figure, language: str | None = None) -> Decimal | date | str | None:
    """The value of `figure` that `text` says; None for the word unknown. `language` is the one in which the text is written.

    A currency, a percent sign or a unit may stand beside the number, if it is the figure's own. Raises `ValueRefused` for all else.
    """
    said = " ".join(text.split())
    if not said:
        raise ValueRefused(f"{figure.id}: no value was given; write 0 for nothing free, or the word unknown.")
    if len(said) > MOST_CHARACTERS:
        raise ValueRefused(
            f"{figure.id}: {said[:40]!r}… has {len(said)} characters; a value has at most {MOST_CHARACTERS}."
        )
    if said.casefold() == "unknown":
        return None
    if figure.unit == "text":
        if "{" in said or "}" in said:
            raise ValueRefused(
                f"{figure.id}: {said!r} holds a brace, which marks figures in answers; write it without."
            )
        return said
    if figure.unit == "date":
        return _date(said, figure, language)
    return _number(said, figure, language)


def _number(said: str, figure: Figure, language: str | None) -> Decimal:
    plain = plain_digits(said).strip()
    found = _NUMBER.findall(plain)
    unit = figure.currency or figure.unit or ""
    if len(found) != 1:
        what = "no number" if not found else f"{len(found)} numbers"
        raise ValueRefused(f"{figure.id}: {said!r} holds {what}; write one, in {unit}.")
    number = found[0]
    beside = " ".join(part for part in (piece.strip(" .:\u00a0\u202f") for piece in plain.split(number, 1)) if part)
    if beside and not _belongs(beside, figure):
        remedy = (
            f"write the number alone, in {unit}" if "-" not in beside else "a value is never below 0 and never a range"
        )
        raise ValueRefused(f"{figure.id} is in {unit}: {beside!r} in {said!r} does not belong to it; {remedy}.")
    try:
        value = read_number(number, language)
    except ValueRefused as error:
        raise ValueRefused(f"{figure.id}: {error}") from None
    _fits(value, figure, said)
    return value


def _fits(value: Decimal, figure: Figure, said: str) -> None:
    """Refuse what a page of another language looks like when it is read as this one ("60.000 €"), and values that no unit of its kind has."""
    whole, _, fraction = f"{value:f}".partition(".")
    unlikely = figure.currency is not None and get_currency_precision(figure.currency) < 3
    if len(fraction) == 3 and whole != "0" and (unlikely or fraction.endswith("0")):
        raise ValueRefused(
            f"{figure.id}: {said!r} would have three decimals; say in which language it is written, "
            f"or write it without signs between digits, {whole}{fraction} or {value.normalize():f}."
        )
    if figure.unit == "percent" and value > 10_000:
        raise ValueRefused(f"{figure.id}: {said!r} is {value} per cent; write 5 for five per cent.")
    if figure.unit == "each" and value != value.to_integral_value():
        raise ValueRefused(f"{figure.id} counts whole things: {said!r} is {value}; write a whole number.")


def _belongs(beside: str, figure: Figure) -> bool:
    words = beside.casefold().replace("\u00a0", " ")
    if figure.currency:
        return words in _currency_words(figure.currency)
    return words in _unit_words(figure.unit or "")


@cache
def _currency_words(currency: str) -> frozenset[str]:
    """Code, signs and names of a currency in the languages of the service. A bare "$" is the US dollar's alone: too many others have it."""
    words = {currency.casefold(), *_CURRENCY_SIGNS.get(currency, ())}
    for language in LANGUAGES:
        symbol = plain_digits(get_currency_symbol(currency, locale=language)).casefold().strip(". ")
        if symbol != "$":
            words.add(symbol)
        words |= {get_currency_name(currency, count, locale=language).casefold() for count in (1, 2, 5, 100)}
    # "UAE dirhams" is written "dirhams" where no other ones are meant.
    words |= {get_currency_name(currency, count, locale="en").casefold().split()[-1] for count in (1, 2)}
    return frozenset(words)


@cache
def _unit_words(unit: str) -> frozenset[str]:
    """What stands beside a number of this unit, in all languages."""
    if unit == "percent":
        return frozenset(_PERCENT)
    words = {unit.casefold(), unit.replace("_", " ")}
    patterns: list[str] = []
    if unit in _CLDR_UNITS:
        for language in LANGUAGES:
            by_length = Locale.parse(language)._data["unit_patterns"][_CLDR_UNITS[unit]]
            patterns += [form for forms in by_length.values() for form in dict(forms).values() if isinstance(form, str)]
        patterns += [
            {"L": "{0} liters", "m": "{0} meters", "km": "{0} kilometers", "cm": "{0} centimeters"}.get(unit, "")
        ]
        patterns += [{"L": "{0} liter"}.get(unit, "")]
    elif unit != "each":
        patterns += [form for forms in _words()[unit].values() for form in forms.values()]
    words |= {pattern.replace("{0}", "").casefold().replace("\u00a0", " ").strip(" .") for pattern in patterns}
    return frozenset(words - {""})


def _date(said: str, figure: Figure, language: str | None) -> date:
    plain = plain_digits(said)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", plain):
        year, month, day = map(int, match.groups())
    elif match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er|º)?\.? (?:de )?(\D+?)\.?(?: de)? (\d{4})(?: г\.?)?", plain):
        day, month, year = int(match[1]), _month(match[2], language), int(match[3])
    elif match := re.fullmatch(r"(\D+?)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", plain):
        day, month, year = int(match[2]), _month(match[1], language), int(match[3])
    else:
        day = month = year = 0
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueRefused(
            f"{figure.id} is a day: {said!r} is none that can only be read in one way; write it as 2027-01-31."
        ) from None


def _month(name: str, language: str | None) -> int:
    """The number of a month, 0 for a word that is none."""
    for each in (language,) if language else LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, month in get_month_names(width, context, locale=each.replace("-", "_")).items():
                    if month.casefold().strip(".") == name.casefold().strip(". "):
                        return number
    return 0
