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
from knowledge_base.said import Said

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
        raise ValueRefused(
            Said("{figure}: no value was given; write 0 for nothing free, or the word unknown.", figure=figure.id)
        )
    if len(said) > MOST_CHARACTERS:
        raise ValueRefused(
            Said(
                "{figure}: {text!r}… has {count} characters; a value has at most {most}.",
                figure=figure.id,
                text=said[:40],
                count=len(said),
                most=MOST_CHARACTERS,
            )
        )
    if said.casefold() == "unknown":
        return None
    if figure.unit == "text":
        if "{" in said or "}" in said:
            raise ValueRefused(
                Said(
                    "{figure}: {text!r} holds a brace, which marks figures in answers; write it without.",
                    figure=figure.id,
                    text=said,
                )
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
        what = Said("no number") if not found else Said("{count} numbers", count=len(found))
        raise ValueRefused(
            Said(
                "{figure}: {text!r} holds {what}; write one, in {unit}.",
                figure=figure.id,
                text=said,
                what=what,
                unit=unit,
            )
        )
    number = found[0]
    beside = " ".join(part for part in (piece.strip(" .:\u00a0\u202f") for piece in plain.split(number, 1)) if part)
    if beside and not _belongs(beside, figure):
        remedy = (
            Said("write the number alone, in {unit}", unit=unit)
            if "-" not in beside
            else Said("a value is never below 0 and never a range")
        )
        raise ValueRefused(
            Said(
                "{figure} is in {unit}: {beside!r} in {text!r} does not belong to it; {remedy}.",
                figure=figure.id,
                unit=unit,
                beside=beside,
                text=said,
                remedy=remedy,
            )
        )
    try:
        value = read_number(number, language)
    except ValueRefused as error:
        raise ValueRefused(Said("{figure}: {error}", figure=figure.id, error=error.args[0])) from None
    _fits(value, figure, said)
    return value


def _fits(value: Decimal, figure: Figure, said: str) -> None:
    """Refuse what a page of another language looks like when it is read as this one ("60.000 €"), and values that no unit of its kind has."""
    whole, _, fraction = f"{value:f}".partition(".")
    unlikely = figure.currency is not None and get_currency_precision(figure.currency) < 3
    if len(fraction) == 3 and whole != "0" and (unlikely or fraction.endswith("0")):
        raise ValueRefused(
            Said(
                "{figure}: {text!r} would have three decimals; say in which language it is written, or write it without signs between digits, {whole}{fraction} or {value:f}.",
                figure=figure.id,
                text=said,
                whole=whole,
                fraction=fraction,
                value=value.normalize(),
            )
        )
    if figure.unit == "percent" and value > 10_000:
        raise ValueRefused(
            Said(
                "{figure}: {text!r} is {value} per cent; write 5 for five per cent.",
                figure=figure.id,
                text=said,
                value=value,
            )
        )
    if figure.unit == "each" and value != value.to_integral_value():
        raise ValueRefused(
            Said(
                "{figure} counts whole things: {text!r} is {value}; write a whole number.",
                figure=figure.id,
                text=said,
                value=value,
            )
        )


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
            Said(
                "{figure} is a day: {text!r} is none that can only be read in one way; write it as 2027-01-31.",
                figure=figure.id,
                text=said,
            )
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
