"""What the words around a name say: its role, whether it was meant as a place, which language's prepositions count."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from knowledge_base.places_data.gazetteer import read_lines
from knowledge_base.places_data.words import Word, fold, key
from knowledge_base.romanised import recognise

_REACH = 12  # words before `in` among which `bought` makes an origin
_SKIPPED = 3  # words like `the city` between a preposition and the name


class Sense(NamedTuple):
    """A role (to, from, leaving, through, None) and how it was told.

    `direct`: the words touch the name, but for an article. `toward`: one moves there (`to dubai`, not `in dubai`, `into dubai`).
    `here`: the one who asks is there now, which is where they leave from if they go on to another place. `exported`: the word is export.
    """

    role: str | None
    direct: bool = False
    toward: bool = False
    here: bool = False
    exported: bool = False


@lru_cache(maxsize=1)
def groups() -> dict[str, frozenset[str]]:
    """The word groups of `context.txt`."""
    found = {}
    for line in read_lines("context.txt"):
        name, listed = line.split(":", 1)
        found[name] = frozenset(filter(None, (key(word) for word in listed.split(","))))
    return found


@lru_cache(maxsize=1)
def _roles() -> dict[tuple[str, str], dict[str, str]]:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in read_lines("roles.txt"):
        head, listed = line.split(":", 1)
        role, side, *mode = head.split()
        table = found.setdefault((side, mode[1] if mode else ""), {})
        for phrase in listed.split(","):
            table[key(phrase)] = role
    return found


@lru_cache(maxsize=16)
def _merged(side: str, modes: tuple[str, ...]) -> dict[str, str]:
    return {phrase: role for mode in modes for phrase, role in _roles().get((side, mode), {}).items()}


class Context:
    """The words of one text, and the tables that hold for its language."""

    def __init__(self, text: str, words: list[Word]) -> None:
        self._text, self.words = text, words
        self.forms = [word.form for word in words]
        modes = [""]
        if any(form in groups()["romance"] for form in self.forms) and _is_romance(self.forms):
            modes.append("romance")
        # `a` is an article in English and `to` in Spanish, so it alone says neither.
        self._a_means_to = sum(form in groups()["romance"] and len(form) > 1 for form in self.forms) > 1
        romanised = recognise(text)
        if romanised:
            modes.append("arabizi" if romanised == "ar" else "roman_urdu")
        self.before, self.after = (_merged(side, tuple(modes)) for side in ("before", "after"))
        self.travels = any(form in groups()["travel"] for form in self.forms)
        self.stops: set[int] = set()  # words of other places; what stands before them belongs to them
        self._clauses = _clauses(text, words)
        letters = [word.raw for word in words if word.raw[:1].isalpha()]
        self.cased = not all(raw.isupper() or raw.istitle() for raw in letters) if letters else False

    def sense(self, start: int, end: int, prefix: str | None = None) -> Sense:
        """The role of the words from `start` to `end` (exclusive); `prefix` is one that an attached preposition gave."""
        role, direct = (prefix, True) if prefix else self._role_before(start)
        after = self._role_after(end)
        # `从日本买的` and `दुबई से`: what follows is nearer in languages that put it there.
        if after and (role is None or after in {"from", "leaving", "through"}):
            role, direct = after, True
        if role in {"in", "at", "to"} and self._near_before(start, "passing", 4):
            role = "through"
        here = role == "here"
        if role in {"in", "here"}:
            role = self._role_of_in(start, end)
        if role == "at":
            role = "from" if self._is_acquired_in(start, end) else "to"
        if role == "of":
            role = "into" if self._near_before(start, "customs", 4) or self._near_after(end, "customs", 2) else "from"
        if role == "to" and (self._is_over(start) or self._is_left_again(start)):
            role = "from"
        exported = role in {"leaving", "to", "into"} and bool(_EXPORTING.intersection(self.forms))
        return Sense("to" if role == "into" else role, direct, role == "to", here and role == "into", exported)

    def _role_of_in(self, start: int, end: int) -> str:
        """The role of `in dubai`: from where something was bought or made or a stay is over, to where something is sent, else into."""
        if self._is_sent_to_somebody(start):
            return "to"
        stayed = self._near_before(start, "stay", 4) and bool(groups()["over"].intersection(self.forms))
        if stayed or self._is_acquired_in(start, end):
            return "from"
        return "to" if self._near_before(start, "motion", 3) else "into"

    def _is_acquired_in(self, start: int, end: int) -> bool:
        """`bought a phone in new york`, `acheté un téléphone à new york`."""
        return self._near_before(start, "acquired", _REACH) or self._near_after(end, "acquired", 3)

    def _is_sent_to_somebody(self, start: int) -> bool:
        """`to my brother in nigeria`, `a mi hermana en Bogotá`: the gift goes where the relative is."""
        group = groups()
        person = start - 2
        if person < 1:
            return False
        if self.forms[person] in group["for_somebody"]:
            return True
        before = [form for form in self.forms[max(0, person - 2) : person] if form not in group["possessive"]]
        return any(
            self.forms[person] in group[people] and before[-1:] and before[-1] in group[leading]
            for people, leading in (
                ("people", "to_somebody"),
                ("people_in_romance", "to_somebody_in_romance"),
                ("people_in_arabic", "to_somebody_in_arabic"),
            )
        )

    def _is_left_again(self, start: int) -> bool:
        """`going to ghana, what can i bring back`: the rules of coming back are asked. Not so in `bring it back to ghana`."""
        group = groups()
        if group["returned"].isdisjoint(self.forms):
            return False
        for at in range(len(self.forms) - 1):
            if self.forms[at] in group["bringing"]:
                near = range(at + 1, min(at + 4, len(self.forms)))
                back = next((n for n in near if self.forms[n] in group["returned"]), None)
                if back is not None and not back < start <= back + 3:
                    return True
        return False

    def _is_over(self, start: int) -> bool:
        """`took it on holiday to turkey`, `sent it to the states and it comes back`: what is asked is the way back."""
        if self._near_before(start, "been", 8):
            return True
        return self._near_before(start, "sent", 6) and bool(groups()["returned"].intersection(self.forms))

    def is_asked_about(self, start: int, end: int) -> bool:
        """Whether customs words stand next to the name: `dubai customs`, `aduana de España`."""
        behind = [at for at in range(end, min(end + 2, len(self.forms))) if not self._is_parted(end - 1, at)]
        before = [at for at in range(max(0, start - 2), start) if not self._is_parted(at, start)]
        return any(self.forms[at] in _CUSTOMS for at in (*before, *behind))

    def _is_parted(self, first: int, last: int) -> bool:
        """Does a sentence end between two words?"""
        between = self._text[self.words[first].end : self.words[last].start]
        return bool(_SENTENCE_END.search(between))

    def returns_before(self, at: int) -> bool:
        """Whether somebody comes back before `at`: `coming back to us`, not `gave it back to us`."""
        group = groups()
        come = group["motion"] | group["coming"]
        return at > 1 and self.forms[at - 1] in group["returned"] and self.forms[at - 2] in come

    def is_kind_of_goods(self, end: int) -> bool:
        """Whether the goods stand right behind a country in Chinese: `瑞士手表`, a Swiss watch; not in `英国酒限额`."""
        group = groups()
        if group["limits"].intersection(self.forms):
            return False
        return any(" ".join(self.forms[end : end + length]) in group["goods_of_country"] for length in (4, 3, 2, 1))

    def is_ordinary(self, start: int, end: int, kind: str, sense: Sense, others: bool) -> bool:
        """Whether an ordinary word that is also a name was meant as the ordinary word; `others`: other places are named."""
        group = groups()
        before = self.forms[start - 1] if start else ""
        after = self.forms[end] if end < len(self.forms) else ""
        article = before in group["goods_before"] and not (before == "a" and self._a_means_to)
        if article or after in group["goods_after"] or before in group["carrying"]:
            return True
        if after == "s" and self.words[end].start == self.words[end - 1].end + 1:  # `georgia's`
            return True
        capital = self.cased and start > 0 and self.words[start].raw[:1].isupper()
        prepared = sense.direct and sense.role is not None
        if kind == "country":
            return not (prepared or capital or (others and self.words[start].raw.isascii()) or after in _CUSTOMS)
        return not (prepared and (capital or self.travels or others))

    def _role_before(self, start: int) -> tuple[str | None, bool]:
        skipped = groups()["skipped"]
        at = start
        for _ in range(_SKIPPED + 1):
            for length in (4, 3, 2, 1):
                if at - length >= 0 and (role := self.before.get(" ".join(self.forms[at - length : at]))):
                    if self._is_article(at - 1) and length == 1:
                        continue
                    if self.forms[at - 1] == "form" and self._is_paper(at - 1):
                        continue
                    return self._leaving(role, at - length), start - at <= 1
            if at and (self.forms[at - 1] in skipped or self._is_article(at - 1)):
                at -= 1
            else:
                break
        return None, False

    def _is_article(self, at: int) -> bool:
        """Whether the word is English `a` or `an`: `from a US dealer`, not `voy a Madrid`."""
        return at > 0 and self.words[at].raw in {"a", "an"} and self.forms[at - 1] in _BEFORE_ARTICLE and not self._a_means_to

    def _is_paper(self, at: int) -> bool:
        """Whether the `form` at `at` is one to fill in; in `wine form spain` it is a slip for `from`."""
        return at == 0 or self.forms[at - 1] in groups()["paper"]

    def _leaving(self, role: str, at: int) -> str:
        """`export … from dubai` asks for the rules of going out, `gold from dubai` does not."""
        if role == "from" and set(self.forms[max(0, at - _REACH) : at]) & _EXPORTING:
            return "leaving"
        return role

    def _role_after(self, end: int) -> str | None:
        at = end
        for _ in range(2):
            for length in (3, 2, 1):
                if role := self.after.get(" ".join(self.forms[at : at + length])):
                    if role == "in" and self._near_after(at + length, "acquired", 3):
                        return "from"
                    return role
            if at < len(self.forms) and self.forms[at] in groups()["skipped"]:
                at += 1
            else:
                break
        return None

    def _near_before(self, start: int, group: str, reach: int) -> bool:
        for at in range(start - 1, max(-1, start - reach - 1), -1):
            if at in self.stops or self._clauses[at] != self._clauses[start]:
                return False
            if self.forms[at] in groups()[group]:
                return True
            if group == "acquired" and self.forms[at] in groups()["motion"]:  # `bought it and fly to`
                return False
        return False

    def _near_after(self, end: int, group: str, reach: int) -> bool:
        for at in range(end, min(end + reach, len(self.forms))):
            if at in self.stops or self._clauses[at] != self._clauses[end - 1]:
                return False
            if group == "acquired" and self.forms[at] in groups()["people"]:  # `i'm in dubai and my friend`
                continue
            if self.forms[at] in groups()[group]:
                return True
        return False


_EXPORTING = frozenset(
    "export exporting exported exports exportar exporter вывезти вывозить вывоз вывожу вывозе تصدير اخراج".split()
)
_BEFORE_ARTICLE = frozenset("from to in into at via through of for with by".split())
_SENTENCE_END = re.compile(r"[.!?؟。！？।]\s|\n")
_CUSTOMS = frozenset(
    "customs rules law laws hmrc cbp aduana aduanas douane douanes таможня таможне таможни правила جمارك جمرك الجمارك قوانين कस्टम".split()
) | {fold("کسٹم"), fold("कस्टम्स"), "海", "таможенные"}


def _clauses(text: str, words: list[Word]) -> list[int]:
    """The number of the clause of every word."""
    numbers, number = [], 0
    for at, word in enumerate(words):
        if at and any(sign in ",;.!?،؛؟。，！？；\n" for sign in text[words[at - 1].end : word.start]):
            number += 1
        numbers.append(number)
    return numbers


def _is_romance(forms: list[str]) -> bool:
    words = groups()["romance"]
    return sum(form in words for form in forms) >= max(1, len(forms) // 6)
