"""Finds the names of places in a text, from the gazetteer and an administration's own phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from knowledge_base.places_data import routes, typos
from knowledge_base.places_data.context import Context, Sense
from knowledge_base.places_data.gazetteer import Entry, load
from knowledge_base.places_data.words import Word, split

# Arabic prepositions and `and` are written to their word: `لدبي`, `والإمارات`, `بالإمارات`, `للسعودية`.
_ATTACHED = (
    ("وبال", "ال", "in"), ("ولل", "ال", "to"), ("بال", "ال", "in"), ("فال", "ال", None), ("وال", "ال", None), ("لل", "ال", "to"), ("كال", "ال", None),
    ("ول", "", "to"), ("وب", "", "in"), ("ل", "", "to"), ("ب", "", "in"), ("و", "", None), ("ف", "", None),
)  # fmt: skip
_US_BEFORE = frozenset("the in into entering visiting leaving via inside mainland".split())
_US_AFTER = frozenset(
    "customs border airport airports citizen citizens visa resident cbp immigration customers buyers address".split()
)


@dataclass(frozen=True)
class Place:
    """A place that a text names: where it stands there, its country (ISO alpha-2; an administration's id for `own`), its kind
    (country, city, airport, demonym, own), its role (to, from, through or None), and whether the rules of leaving it are asked.

    `toward`: one moves there, as in `to dubai`; `in dubai` and `into dubai` are seen from there. `chained`: named in one go with
    another place, as in `dubai and london`. `exported`: goods are exported from there or to there.
    """

    start: int
    end: int
    text: str
    country: str
    kind: str
    role: str | None = None
    leaving: bool = False
    asked_about: bool = False
    toward: bool = False
    chained: bool = False
    exported: bool = False


class _Match(NamedTuple):
    start: int  # in words
    end: int
    entry: Entry
    prefix: str | None = None


def match(text: str, own: Mapping[str, Entry] | None = None, own_first: Mapping[str, int] | None = None) -> list[Place]:
    """The places that `text` names, in its order, none overlapping another. `own` adds names, which win over the gazetteer's;
    `own_first` is `longest_from` of them.
    """
    words = split(text)
    if not words:
        return []
    context = Context(text, words)
    found = _look_up(context, own or {}, own_first or {})
    context.stops = {at for match in found if not match.entry.ordinary for at in range(match.start, match.end)}
    found = _slips(context, _meant(context, found))
    senses = [context.sense(match.start, match.end, match.prefix) for match in found]
    places = [_place(text, words, context, match, sense) for match, sense in zip(found, senses)]
    return routes.relate(text, places, senses)


def _look_up(context: Context, own: Mapping[str, Entry], own_first: Mapping[str, int]) -> list[_Match]:
    gazetteer, forms, words = load(), context.forms, context.words
    found: list[_Match] = []
    at = 0
    while at < len(words):
        best = None
        most = max(gazetteer.first.get(forms[at], 1), own_first.get(forms[at], 1))
        for length in range(min(most, len(words) - at), 0, -1):
            name = " ".join(forms[at : at + length])
            # A Han sign alone, or one letter, is no name, whatever a pack lists.
            if len(name) < 2:
                continue
            if (entry := own.get(name) or gazetteer.names.get(name)) and (
                length > 1 or _short_enough(words[at], entry)
            ):
                best = _Match(at, at + length, entry)
                break
        best = best or _attached(context, at, own) or _acronym(context, at, found) or _code(context, at, found)
        if best is None and (entry := typos.squashed().get(forms[at])):
            best = _Match(at, at + 1, entry)
        if best:
            found.append(best)
        at = best.end if best else at + 1
    return found


def _short_enough(word: Word, entry: Entry) -> bool:
    """Two small letters (`ni`, `la`) are a place only as a name written by hand that is no ordinary word, or in capitals."""
    return len(word.form) > 2 or not word.form.isascii() or not entry.ordinary or word.raw.isupper()


def _attached(context: Context, at: int, own: Mapping[str, Entry]) -> _Match | None:
    form = context.forms[at]
    if not "ء" <= form[0] <= "ي":
        return None
    for prefix, instead, role in _ATTACHED:
        if not form.startswith(prefix) or len(form) - len(prefix) < 2:
            continue
        rest = instead + form[len(prefix) :]
        for length in (3, 2, 1):
            name = " ".join([rest, *context.forms[at + 1 : at + length]])
            entry = own.get(name) or load().names.get(name)
            if entry is None and name.startswith("ال"):
                entry = own.get(name[2:]) or load().names.get(name[2:])
            if entry and not entry.ordinary and entry.familiar and entry.kind in {"country", "city", "own", "airport"}:
                return _Match(at, min(at + length, len(context.words)), entry, role)
    return None


def _acronym(context: Context, at: int, found: list[_Match]) -> _Match | None:
    """`US` and `EAU`, which are words in small letters."""
    word = context.words[at]
    if word.raw == "EAU" and context.cased:
        return _Match(at, at + 1, Entry("AE", "country"))  # Émirats arabes unis; in small letters it is water
    if word.form != "us":
        return None
    before = context.forms[at - 1] if at else ""
    after = context.forms[at + 1] if at + 1 < len(context.forms) else ""
    paired = before in {"to", "from", "vs", "or"} and bool(found) and at - found[-1].end <= 1
    paired = paired or (before == "to" and context.returns_before(at - 1))
    if (
        (word.raw == "US" and (context.cased or len(context.words) == 1))
        or before in _US_BEFORE
        or after in _US_AFTER
        or paired
    ):
        return _Match(at, at + 1, Entry("US", "country"))
    return None


def _code(context: Context, at: int, found: list[_Match]) -> _Match | None:
    """An airport's code: in capitals, or in small letters between places and beside travel words."""
    gazetteer, word = load(), context.words[at]
    code = word.raw.upper()
    if len(word.raw) != 3 or not word.raw.isascii() or code not in gazetteer.codes:
        return None
    busy, barred = code.lower() in gazetteer.busy_codes, code in gazetteer.not_codes
    sense = context.sense(at, at + 1)
    beside = (
        _is_code(context, at - 2) or _is_code(context, at + 2) or _is_code(context, at - 1) or _is_code(context, at + 1)
    )
    told = (sense.direct and sense.role is not None and context.travels) or beside
    if word.raw.isupper() and context.cased:
        good = told and context.travels if barred and not beside else (told or (busy and not barred))
    else:
        fits = sense.direct and (context.travels or beside) or _goes_on(context, at)
        if (
            at > 1
            and found
            and found[-1].end == at - (context.forms[at - 1] in routes.JOINTS)
            and _is_airport(found[-1])
        ):
            return _Match(at, at + 1, Entry(gazetteer.codes[code], "airport"))  # `jfk-lhr-del`, `lhr to dxb to bom`
        good = busy and not barred and fits and word.form not in _WORDS_LIKE_CODES
    return _Match(at, at + 1, Entry(gazetteer.codes[code], "airport")) if good else None


# Codes of busy airports that are words of the eight languages in small letters.
_WORDS_LIKE_CODES = frozenset(
    "can add per mad man las den del led sin sea mel pit sat bud fra ist mia vie bah sal gig cai mex bos lin tun".split()
)


def _is_airport(match: _Match) -> bool:
    return match.entry.kind == "airport"


def _is_code(context: Context, at: int) -> bool:
    if not 0 <= at < len(context.words):
        return False
    raw = context.words[at].raw
    return len(raw) == 3 and raw.isupper() and raw.lower() in load().busy_codes


def _goes_on(context: Context, at: int) -> bool:
    """Whether `to` and another place or code follow: `lhr to dxb`."""
    forms = context.forms[at + 1 : at + 3]
    if len(forms) < 2 or forms[0] not in routes.JOINTS:
        return False
    return forms[1] in load().names or (forms[1] in load().busy_codes and forms[1] not in _WORDS_LIKE_CODES)


def _meant(context: Context, found: list[_Match]) -> list[_Match]:
    """The matches without ordinary words: `nice`, `turkey meat`, `a watch and chain`."""
    kept = []
    plain = [match for match in found if not match.entry.ordinary and match.entry.kind not in {"demonym", "none"}]
    for match in found:
        if match.entry.kind == "none":
            continue
        sense = context.sense(match.start, match.end, match.prefix)
        if (
            not match.entry.familiar
            and not (sense.direct and sense.role)
            and not _joined(context, match, found)
            and len(context.words) > match.end - match.start
        ):
            continue  # `my toyota`, `cary two bottles`: thousands of towns have the names of things
        if match.entry.ordinary:
            kind = "city" if match.entry.kind == "city" else "country"
            if context.is_ordinary(match.start, match.end, kind, sense, bool(plain)):
                continue
        kept.append(match)
    return kept


def _joined(context: Context, match: _Match, found: list[_Match]) -> bool:
    """Whether only `to` stands between another place and this one: `पेरिस से बर्लिन`."""
    ends = {other.end for other in found if other.entry.kind not in {"none", "demonym"}}
    return match.start > 1 and context.forms[match.start - 1] in routes.JOINTS and match.start - 1 in ends


def _slips(context: Context, found: list[_Match]) -> list[_Match]:
    """The matches together with names that are misspelt; `saudi arbia` wins over `saudi`."""
    names = load().names
    at_word = {at: match for match in found for at in range(match.start, match.end)}
    for length in (3, 2, 1):
        for at in range(len(context.words) - length + 1):
            form = " ".join(context.forms[at : at + length])
            if len(form) < (9 if length > 1 else 5) or form in names:
                continue
            overlapped = {at_word[word] for word in range(at, at + length) if word in at_word}
            if any(length == 1 or match.end - match.start > 1 for match in overlapped):
                continue
            slip = typos.near(form)
            if slip is None:
                continue
            sense = context.sense(at, at + length)
            if slip.plain or (sense.direct and sense.role is not None):
                match = _Match(at, at + length, slip.entry)
                at_word = {word: old for word, old in at_word.items() if old not in overlapped}
                at_word.update(dict.fromkeys(range(at, at + length), match))
    return sorted(set(at_word.values()), key=lambda match: match.start)


def _place(text: str, words: list[Word], context: Context, match: _Match, sense: Sense) -> Place:
    start, end = words[match.start].start, words[match.end - 1].end
    asked = context.is_asked_about(match.start, match.end)
    role, kind = sense.role, match.entry.kind
    if kind == "country" and role is None and not asked and context.is_kind_of_goods(match.end):
        kind = "demonym"
    if kind == "demonym":
        role = "to" if asked else None
    return Place(
        start, end, text[start:end], match.entry.country, kind,
        "from" if role == "leaving" else role, role == "leaving", asked, sense.toward and role == "to",
        exported=sense.exported,
    )  # fmt: skip
