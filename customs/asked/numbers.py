"""Which numbers of a message belong to a person, and which to the law of customs.

Amounts, measures, days, years, codes of the tariff and numbers of forms stay; what identifies a person, a parcel, a car or an account goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from customs.asked.words import END, LETTER, START, alternatives, any_of, words

Span = tuple[int, int, str]

_DAY = r"(?:(?:19|20)\d\d[-./](?:0?[1-9]|1[0-2])[-./](?:[12]\d|3[01]|0?[1-9])|(?:[12]\d|3[01]|0?[1-9])[-./](?:0?[1-9]|1[0-2])[-./](?:(?:19|20)\d\d|\d\d)|(?:0?[1-9]|1[0-2])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)\d\d)"
_DAYS = re.compile(rf"(?<!\d){_DAY}(?!\d)")
_MONTH = r"[^\s\d,.;:/-]{2,15}\.?"
_YEAR = r"(?:19|20)\d\d(?!\d)"
_BIRTHDAY = rf"(?:{_DAY}(?!\d)|\d{{1,2}}(?:st|nd|rd|th|er|º|ª)?,? (?:of |de |d['’])?{_MONTH},?(?: of| de| del)? {_YEAR}(?: г(?:ода)?\b)?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR} ?年 ?\d{{1,2}} ?月 ?\d{{1,2}} ?[日号])"
_YEARS = re.compile(r"(?<!\d)(?:19|20)\d\d ?[-–/] ?(?:19|20)?\d\d(?!\d)")
_DOTTED_CODE = re.compile(
    r"(?<![\d.])(?:0[1-9]|[1-9]\d)\d\d(?:\.\d\d(?:[. ]?\d\d){0,2}|(?: \d\d){2,3})(?![\d.]\d| \d)|(?<![\d.])\d{6}\.\d\d(?:\.\d\d)?(?![\d.]\d)"
)
_GROUPED = re.compile(r"(?<![\d+.,])[1-9]\d{0,2}(?:(?:,\d{2,3})+|(?:\.\d{3})+|(?:'\d{3})+)(?:[.,]\d{1,2})?(?![\d,])")
# Digits with what people put between them; `_kind` decides what it is.
_RUN = re.compile(rf"(?<!{LETTER})(?<!\.)(?:\+|00)?\(?\d(?:[\s().\-/–]{{0,2}}\d){{6,22}}(?!{LETTER})")
_EMIRATES_ID = re.compile(r"(?<!\d)784[- ]?\d{4}[- ]?\d{7}[- ]?\d(?!\d)")
_FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iban", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b", re.IGNORECASE)),
    ("parcel", re.compile(r"\b[A-Z]{2} ?\d{3} ?\d{3} ?\d{3} ?[A-Z]{2}\b|\b1Z ?[0-9A-Z]{3} ?[0-9A-Z]{3} ?[0-9A-Z]{2} ?[0-9A-Z]{4} ?[0-9A-Z]{4}\b|\b(?:JJD|JD|LP|TBA)\d{9,20}\b", re.IGNORECASE)),
    ("parcel", re.compile(r"(?<!\d)\d{3}-\d{8}(?!\d)")),
    ("id", re.compile(r"\b[A-Z]{5}\d{4}[A-Z]\b|\b[XYZ]-?\d{7}-?[A-Z]\b|\b\d{8}-?[A-HJ-NP-TV-Z]\b(?<!\d[TGLMW])|(?<!\d)\d{3}-\d{2}-\d{4}(?!\d)|(?<!\d)\d{5}-\d{7}-\d(?!\d)|\b\d{17}[\dX]\b|\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE)),
    # Cars: the United Kingdom, France and Italy, India, Russia, China. In capitals, as on the plate.
    ("plate", re.compile(r"\b[A-Z]{2}\d{2} [A-Z]{3}\b|\b[A-Z]{2}-\d{3}-[A-Z]{2}\b|\b[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{1,2}[ -]?\d{4}\b|\b[АВЕКМНОРСТУХ] ?\d{3} ?[АВЕКМНОРСТУХ]{2} ?\d{2,3}\b|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]·?[A-Z0-9]{5,6}\b")),
)  # fmt: skip
# Letters before the digits of a figure or of a code that stay: 5000AED, AED60000, HS85171300.
_MIXED = re.compile(
    r"\b(?=[A-Z0-9-]*\d)(?=[A-Z0-9-]*[A-Z])[A-Z0-9](?:[A-Z0-9-]{5,30})[A-Z0-9]\b", re.IGNORECASE | re.ASCII
)
_FIGURE = re.compile(r"[A-Z]{1,6}\d+(?:\.\d+)?|\d+[A-Z]{1,12}", re.IGNORECASE | re.ASCII)
_PLATE_CHAR = r"(?![\u3400-\u9fff])[^\W_]"
_PLATE_TEXT = rf"(?:[\u4e00-\u9fff](?=[A-Z])|(?:{{places}}) )?{_PLATE_CHAR}(?:{_PLATE_CHAR}|[ ·-](?=[^\W_]*\d|(?-i:[A-ZА-Я]{{1,3}})(?![^\W_]))){{2,12}}(?![^\W_\u3400-\u9fff])"
# "N 8 4 2 1 1 0 7": the letters of a number that is written with blanks.
_SPACED_LETTERS = re.compile(r"(?:(?<![^\W_])[A-Z]{1,2} )?\Z")
_ID_CHAR = r"(?![\u3400-\u9fff])[^\W_]"
_ID_TEXT = rf"(?=[^\s]*\d){_ID_CHAR}(?:{_ID_CHAR}|[-/](?=[^\W_])|[ .](?=\d)){{3,24}}"


def number_spans(text: str) -> Iterator[Span]:
    """The spans of personal numbers in `text`, whose digits are ASCII (see `ascii_digits`)."""
    named = list(_named(text))
    yield from named
    stays = list(_staying(text))
    for found in _EMIRATES_ID.finditer(text):
        yield *found.span(), "id"
    for kind, form in _FORMATS:
        for found in form.finditer(text):
            if kind != "iban":
                yield *found.span(), kind
            elif end := _iban_end(found[0]):
                yield found.start(), found.start() + end, kind
    for found in _MIXED.finditer(text):
        digits = sum(char.isdigit() for char in found[0])
        if not _within(found.span(), stays) and _identifies(found[0], digits):
            yield *found.span(), "id"
    for found in _RUN.finditer(text):
        if not _within(found.span(), stays) and (kind := _kind(found[0], text, found.end())):
            yield *found.span(), kind


def ascii_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9; every character keeps its place."""
    return "".join(str(int(char)) if char.isdecimal() else char for char in text)


def _named(text: str) -> Iterator[Span]:
    """Numbers that a word in front of them names: "passport no. K1234567"."""
    for kind, form in _named_patterns():
        for found in form.finditer(text):
            if (
                kind == "birth"
                or _is_number(found["value"], found["link"])
                and not amount_after(text, found.end("value"))
            ):
                start, end = found.span("value")
                yield start - len(_SPACED_LETTERS.search(text[:start])[0]) * (text[start + 1] == " "), end, kind


def _is_number(value: str, link: str) -> bool:
    """Is `value` a number of something? A short one only when the words before it say so: "order 5000 of them"."""
    digits = sum(char.isdigit() for char in value)
    if re.fullmatch(r"(?:19|20)\d\d", value):
        return False
    capitals = sum(char.isalpha() for char in value)
    if value.isupper() and digits and capitals >= 2 and len(value) >= 6 and not _is_figure(value):
        return True
    return digits >= 5 or (
        digits > 0
        and re.search(
            r"\b(?:no|nr|num|number|is|it|it's|est|es|n)\b|[#№°º:：是号]|номер|رقم|هو|نمبر|ہے|है|नंबर|संख्या",
            link,
            re.IGNORECASE,
        )
        is not None
    )


@cache
def _named_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    link = "".join(words()["number_link"].split("\n"))
    places = "|".join(words()["plate_places"].split())
    values = {"plate": _PLATE_TEXT.replace("{places}", places), "birth": _BIRTHDAY, "phone": r"\+?\(?\d(?:[\s().\-/]{0,2}\d){5,16}",
              "card": r"(?:[A-Z]{2}\d\d ?)?\d(?:[ -]?\d){3,28}"}  # fmt: skip
    return tuple(
        (
            kind,
            re.compile(
                f"(?i:{START}(?:{any_of(forms)})(?:{END}|(?<=[\u3400-\u9fff]))(?P<link>{link})(?P<value>{values.get(kind, _ID_TEXT)}))"
            ),
        )
        for kind, forms in words()["number_after"].items()
    )


def _staying(text: str) -> Iterator[tuple[int, int]]:
    """Spans that are figures of customs, whatever they look like."""
    for form in (_DAYS, _YEARS, _DOTTED_CODE, _GROUPED, _amounts(), _codes()):
        for found in form.finditer(text):
            yield found.span()


@cache
def _amounts() -> re.Pattern[str]:
    unit, number = alternatives("amount_words").replace(START, "").replace(END, ""), r"\d{1,20}(?:[ .,']\d{1,20}){0,7}"
    return re.compile(
        rf"(?:{START}{unit}\.? ?(?<![\d]){number})(?!\d)|(?<![\d+]){number} ?-?{unit}{END}", re.IGNORECASE
    )


@cache
def _codes() -> re.Pattern[str]:
    word = alternatives("code_words").replace(START, "").replace(END, "")
    link = r"(?:[ :#=.,\-]|\b(?:code|codes|no|number|is|of|under|for|item|the|номер|est|es)\b|رقم|هو|है|नंबर|کوڈ|कोड|是|为|：)*"
    return re.compile(rf"{START}(?:{word}){link}\d[\d .\-/]*\d(?!\w)", re.IGNORECASE)


def amount_after(text: str, end: int) -> bool:
    """Does a currency or a unit follow at `end`?"""
    return re.match(rf" ?{alternatives('amount_words').replace(START, '')}", text[end:], re.IGNORECASE) is not None


def _within(span: tuple[int, int], stays: list[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in stays)


def _identifies(word: str, digits: int) -> bool:
    """Is a word of letters and digits somebody's number? AED150000 and WH-1000XM5 are not, K1234567 is."""
    if _is_figure(word):
        return False
    return (
        re.search(r"\d{6}", word) is not None
        or (digits >= 6 and len(word) >= 9 and not re.fullmatch(r"[A-Z]{1,5}-?\d[\d-]*", word, re.I))
        or (digits >= 7)
    )


def _is_figure(word: str) -> bool:
    """Is it an amount or a code of customs with its unit or name: AED150000, 500ML, HS85171300?"""
    letters = re.sub(r"[^a-z]", "", word.lower())
    return _FIGURE.fullmatch(word) is not None and (
        re.fullmatch(alternatives("amount_words") + "|" + alternatives("code_words"), letters) is not None
    )


def _kind(run: str, text: str, end: int) -> str | None:
    """What a run of at least seven digits is; None: it stays."""
    digits = re.sub(r"\D", "", run)
    groups = re.findall(r"\d+", run)
    if run.startswith("+") or (digits.startswith("00") and len(digits) >= 10):
        return "phone"
    if 13 <= len(digits) <= 19 and _luhn(digits):
        return "card"
    if digits.startswith("0") and len(digits) >= 9:
        return "phone"
    if len(groups) > 1:
        if (
            all(len(group) <= 2 for group in groups)
            or all(int(group) % 10 == 0 or len(group) <= 2 for group in groups if group != groups[-1])
            and int(groups[-1]) % 10 == 0
        ):
            return None
        plain_blanks = re.fullmatch(r"\d{1,3}(?:[ \u00a0\u202f]\d{3}){1,2}", run)
        if plain_blanks or len(digits) <= 8 and not re.fullmatch(r"\d{3,4}[- ]\d{4}", run):
            return None
        return "phone" if len(digits) <= 15 else "id"
    if (
        len(digits) == 7
        and digits.endswith("000")
        or len(digits) >= 7
        and digits.rstrip("0") != digits
        and len(digits.rstrip("0")) <= 3
    ):
        return None
    return "phone" if len(digits) in {10, 11} else "id"


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


def _iban_end(text: str) -> int:
    """How long the IBAN is at the beginning of `text`, which may hold the next words too; 0: there is none."""
    ends = [found.start() for found in re.finditer(" |$", text)]
    for end in reversed(ends):
        if _is_iban(text[:end]):
            return end
    # A slip in one digit is still an account.
    digits = re.match(r"[A-Za-z]{2}\d\d ?(?:\d{4} ){3,}\d{1,4}|[A-Z]{2}\d{16,24}", text)
    return digits.end() if digits else 0


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
