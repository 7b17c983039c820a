"""The day that a text asks about: "if I arrive in March", "from July", "on 1 January 2027", "في مارس", "明年三月".

>>> find_day("how much wine from 1 January 2027", date(2026, 11, 21))
Asked(day=datetime.date(2027, 1, 1), precision='day', start=18, end=32)

Month names are CLDR's (Babel), other words are data: dates.yml. dateparser was tried: it takes "may i", "can i march", "do" and "4" for
days, misses "в марте" and "明年三月", and costs up to 200 ms a text.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton

from knowledge_base.folding import fold, words_pattern
from knowledge_base.packs import read_yaml

LANGUAGES = ("ar", "en", "es", "fr", "hi", "ru", "ur", "zh")
# Further away is no travel plan, and no guidance reaches there.
_FIRST_YEAR, _LAST_YEARS_AHEAD = 2000, 15
_ISO = re.compile(r"(?<![\d/.-])((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?![\d/-])")
_NUMERIC = re.compile(r"(?<![\d/.,-])(\d{1,2})([./-])(\d{1,2})\2((?:20)\d\d)(?![\d/-])")
_CHINESE = re.compile(
    r"(?:(20\d\d)年|(今年|明年|后年))?\s*(\d{1,2}|十[一二]?|[一二三四五六七八九])月(?!份?前)(?:份)?(?:(\d{1,2})[日号])?"
)
_CHINESE_YEAR = {"今年": 0, "明年": 1, "后年": 2}
_CHINESE_MONTHS = {sign: at for at, sign in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


@dataclass(frozen=True)
class Asked:
    """A day that a text names: for a month, its first day. `precision`: day, month or year; text[start:end] names it."""

    day: date
    precision: str
    start: int
    end: int


@dataclass(frozen=True)
class _Words:
    months: dict[str, int]
    hint: re.Pattern[str]
    named: re.Pattern[str]
    relative: re.Pattern[str]
    ahead: re.Pattern[str]
    span: dict[str, str]
    meaning: dict[str, tuple[str, int]]
    doubtful: frozenset[str]
    lead: re.Pattern[str]
    trail: re.Pattern[str]
    year: re.Pattern[str]
    things: re.Pattern[str]


@cache
def _words() -> _Words:
    data = read_yaml(Path(__file__).with_name("dates.yml"))
    months: dict[str, int] = {}
    for language in LANGUAGES:
        names = Locale.parse(language).months
        for form in ("format", "stand-alone"):
            if language != "zh":
                months |= {fold(name): number for number, name in names[form]["wide"].items()}
    months |= {fold(str(word)): number for number, words in data["months"].items() for word in words}
    month = words_pattern(months)
    # Arabic writes "in" apart, but "and" and "of" joined to the month.
    number = r"(\d{1,2})(?:st|nd|rd|th|er|º|-го|-е)?"
    joint = r"(?:\s*(?:of|de|du|ال|من)?\s*)"
    named = re.compile(
        rf"(?:(?<!\d){number}{joint})?({month})\.?(?:\s+{number}(?![\d:,.]*\d))?(?:[,،]?\s*(?:de|of)?\s*(20\d\d))?"
    )
    meaning = {
        fold(word): (name.split()[0], int(name.split()[1]))
        for name, words in data["relative"].items()
        for word in words
    }
    span = {fold(word): name for name, words in data["spans"].items() for word in words}
    before, after = words_pattern(data["in"]), words_pattern(span)
    ahead = re.compile(rf"(?:{before}\s+)?(\d{{1,2}}|a|an|one|un|une|una|two|deux|dos)\s*({after})")
    year = re.compile(
        rf"{words_pattern(data['year_leads'])}\s+(?:the\s+year\s+)?(20\d\d)(?!\d|[.,]\d)(?!\s*[$€£%])|(?<!\d)(20\d\d)(?=\s*{words_pattern(data['year_ends'])})"
    )
    leads = [*data["leads"], *data["leads_elsewhere"]]
    return _Words(
        months=months,
        hint=re.compile(rf"{month}|{words_pattern(meaning)}|20\d\d|\d[月/.]|月|{after}"),
        named=named,
        relative=re.compile(words_pattern(meaning)),
        ahead=ahead,
        span=span,
        meaning=meaning,
        doubtful=frozenset(fold(word) for word in data["doubtful"]),
        lead=re.compile(rf"{words_pattern(leads)}\s+(?:the\s+)?$"),
        trail=re.compile(rf"\s+{words_pattern(data['trails'])}"),
        year=year,
        things=re.compile(words_pattern(data["past_of_things"])),
    )


def find_day(text: str, today: date, month_first: bool = False) -> Asked | None:
    """The day that `text` asks about, None when it names none; of several the first one counts.

    A month without a year is the next one that comes, this month included. `month_first`: how "3/7/2027" is read. A past day on which
    something was bought, made or born is none. Never fails.
    """
    words = _words()
    folded = fold(text)
    if not words.hint.search(folded):
        return None
    found = [
        asked
        for reader in (_numeric, _chinese, _named, _relative, _ahead, _bare_year)
        if (asked := reader(folded, today, month_first))
        and _FIRST_YEAR <= asked.day.year <= today.year + _LAST_YEARS_AHEAD
    ]
    if not found:
        return None
    asked = min(found, key=lambda item: (item.start, -item.end))
    return None if asked.day < today.replace(day=1) and words.things.search(folded) else asked


def format_asked(asked: Asked, language: str) -> str:
    """The day, month or year in words of `language`."""
    # English as most of the world writes a date.
    locale = Locale.parse("en_GB" if language == "en" else {"zh": "zh_Hans"}.get(language, language))
    if asked.precision == "year":
        return format_skeleton("y", asked.day, locale=locale)
    if asked.precision == "month":
        return format_skeleton("yMMMM", asked.day, locale=locale)
    return format_date(asked.day, "long", locale=locale)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _numeric(text: str, today: date, month_first: bool) -> Asked | None:
    if match := _ISO.search(text):
        day = _made(int(match[1]), int(match[2]), int(match[3]))
    elif match := _NUMERIC.search(text):
        first, second = int(match[1]), int(match[3])
        month, number = (first, second) if month_first and first <= 12 or second > 12 else (second, first)
        day = _made(int(match[4]), month, number)
    else:
        return None
    return Asked(day, "day", match.start(), match.end()) if day else None


def _chinese(text: str, today: date, month_first: bool) -> Asked | None:
    match = _CHINESE.search(text)
    if not match:
        return None
    month = _CHINESE_MONTHS.get(match[3]) or (int(match[3]) if match[3].isdecimal() else 0)
    year = int(match[1]) if match[1] else today.year + _CHINESE_YEAR[match[2]] if match[2] else None
    return _month_asked(today, year, month, int(match[4]) if match[4] else None, match.start(), match.end())


def _named(text: str, today: date, month_first: bool) -> Asked | None:
    words = _words()
    for match in words.named.finditer(text):
        before, name, after, year = match[1], match[2], match[3], match[4]
        number = before or after
        doubtful = name in words.doubtful or len(name) <= 3 and name.isascii()
        led = words.lead.search(text[: match.start()]) or words.trail.match(text, match.end())
        if doubtful and not number and not year and not led:
            continue
        if number and not 1 <= int(number) <= 31:
            continue
        end = match.end()
        asked = _month_asked(
            today, int(year) if year else None, words.months[name], int(number) if number else None, match.start(), end
        )
        if asked:
            return asked
    return None


def _month_asked(today: date, year: int | None, month: int, number: int | None, start: int, end: int) -> Asked | None:
    if not 1 <= month <= 12:
        return None
    if year is None:
        passed = month < today.month or (month == today.month and number is not None and number < today.day)
        year = today.year + passed
    day = _made(year, month, number or 1)
    return Asked(day, "day" if number else "month", start, end) if day else None


def _relative(text: str, today: date, month_first: bool) -> Asked | None:
    match = _words().relative.search(text)
    if not match:
        return None
    unit, count = _words().meaning[" ".join(match[0].split())]
    return Asked(_later(today, unit, count), unit if unit in {"month", "year"} else "day", match.start(), match.end())


def _ahead(text: str, today: date, month_first: bool) -> Asked | None:
    words = _words()
    for match in words.ahead.finditer(text):
        unit = words.span[" ".join(match[2].split())]
        # "in 3 months" and "3天后" look ahead; "3 months" is a length of time.
        if match.start(1) == match.start() and not re.search("后|बाद|بعد", match[2]):
            continue
        count = int(match[1]) if match[1].isdecimal() else 2 if match[1] in {"two", "deux", "dos"} else 1
        day = _later(today, unit, count)
        return Asked(day, "month" if unit in {"month", "year"} else "day", match.start(), match.end())
    return None


def _later(today: date, unit: str, count: int) -> date:
    """`today` moved by days or weeks; for months and years the first day of that month or year."""
    if unit in {"day", "week"}:
        return today + timedelta(days=count * (7 if unit == "week" else 1))
    if unit == "year":
        return date(today.year + count, 1, 1)
    months = today.year * 12 + today.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)


def _bare_year(text: str, today: date, month_first: bool) -> Asked | None:
    match = _words().year.search(text)
    if not match:
        return None
    group = 1 if match[1] else 2
    year = int(match[group])
    if year == today.year:  # "in 2026" is now
        return None
    return Asked(date(year, 1, 1), "year", match.start(group), match.end(group))


def last_day(asked: Asked) -> date:
    """The last day of what was named: of the month, of the year, or the day itself."""
    if asked.precision == "month":
        return asked.day.replace(day=calendar.monthrange(asked.day.year, asked.day.month)[1])
    return asked.day.replace(month=12, day=31) if asked.precision == "year" else asked.day
