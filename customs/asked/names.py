"""Where people are named in a message: after "my name is", a title, a greeting, a relation, or at its end.

A name alone, somewhere in a sentence, is not looked for: "Jordan" and "Paris" are places, and a customs question that lost
its country could not be answered by anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from customs.asked.common_words import common_words
from customs.asked.words import END, pattern, word_set, words

Span = tuple[int, int, str]

# Letters with their marks (Hindi writes vowels as marks), and what stands inside a name.
_WORD = re.compile(r"[^\W\d_](?:[\w\u0300-\u036f\u0900-\u097f\u064b-\u065f'’.-]*[\w\u0900-\u097f])?\.?")
_GAP = re.compile(r"[\s:,،—-]*")
_BLANK = re.compile(r"\s+")
_HAN = re.compile(r"[\u3400-\u9fff·]+")
_MOST_WORDS = 4
_INITIAL = re.compile(r"[^\W\d_]\.")
_PARTICLES = frozenset(
    "al el bin bint ibn abu abd de da del della di la van von der den dos du le st mac mc o بن بنت ابن أبو ابو آل عبد".split()
)
_LARGE = r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЁŞİĞ][a-zà-öø-ÿā-žа-яёşığ]+"
_SIGNED_END = re.compile(r"[\s.,!)]*$")


def name_spans(text: str) -> Iterator[Span]:
    """The spans of people's names in `text`."""
    for found in pattern("name_after").finditer(text):
        if _ends_word(text, found.end()):
            yield from _name_at(text, found.end(), sure=True)
    for kind in ("titles", "titles_perhaps"):
        for found in pattern(kind).finditer(text):
            if text[found.end() : found.end() + 1].isspace():
                large = re.match(r"[^\W\d_][^\W\d_]", text[found.end() + 1 :])
                large = large is not None and large[0][0].isupper() and large[0][1].islower()
                yield from _name_at(text, found.end(), sure=kind == "titles" or large)
    for found in pattern("name_perhaps_after").finditer(text):
        if _ends_word(text, found.end()):
            yield from _name_at(text, found.end(), sure=False)
    for found in pattern("two_after").finditer(text):
        yield from _two_large(text, found.end())
    for found in pattern("large_after").finditer(text):
        yield from _one_large(text, found.end())
    yield from _slavic(text)
    for found in pattern("related_after").finditer(text):
        yield from _one_large(text, found.end())
    yield from _known(text)
    yield from _before(text)
    for found in pattern("signed_after").finditer(text):
        if _ends_word(text, found.end()):
            yield from _signature(text, found.end())
    yield from _chinese(text)


def _ends_word(text: str, end: int) -> bool:
    return re.match(END, text[end : end + 1]) is not None or (end > 0 and text[end - 1] in ":：")


def _name_at(text: str, start: int, sure: bool) -> Iterator[Span]:
    """The name that begins at `start`, blanks aside. Not `sure`: only when its first word is a given name that we know."""
    begin = at = _GAP.match(text, start).end()
    end, count, cased = begin, 0, False
    while count < _MOST_WORDS and (word := _WORD.match(text, at)):
        plain = word[0].strip(".").casefold()
        given = count == 0 and sure and plain in word_set("given_names")
        particle = count > 0 and plain in _PARTICLES
        if plain in word_set("no_name") and not (word[0][0].isupper() and (given or particle)):
            break
        first = count == 0
        if first:
            known = plain in word_set("given_names") or not sure and _unheard(text, word, plain)
            if not (sure or known):
                return
            cased = word[0][0].isupper()
        elif not _goes_on(word[0], plain, cased, count, sure or _then_ends(text, word.end())):
            break
        end, count = word.end() - (word[0].endswith(".") and not _INITIAL.fullmatch(word[0])), count + 1
        gap = _BLANK.match(text, word.end())
        if not gap:
            break
        at = gap.end()
    if count:
        yield begin, end, "name"


_AL = re.compile(r"ال\w{3,}ي")
_CYRILLIC = re.compile("[а-яё]")
_NOT_ARABIC = re.compile(r"[ٹپچڈڑژگںھہےیک\u0900-\u097f]")
_THEN = re.compile(r"[\s]*(?:[,،.!。۔]|$|\d|(?:का|की|के|को|ने|से|भी|और|کا|کی|کے|کو|نے|سے|بھی|اور|ने)(?!\w))")


def _unheard(text: str, word: re.Match[str], plain: str) -> bool:
    """Is a word in a script without large letters a name, though it is in no list: in no question either, and then comes what may follow one?"""
    if word[0][0].lower() != word[0][0].upper() or len(plain) < 3 or not _stranger(plain):
        return False
    gap = _BLANK.match(text, word.end())
    after = _WORD.match(text, gap.end()) if gap else None
    if after and _AL.fullmatch(after[0]) and _stranger(after[0]):
        return True
    # Two words in a row that no question has are a name; Arabic writes pronouns and prepositions into its words, so that many are new.
    urdu_or_hindi = _NOT_ARABIC.search(text) is not None
    if after and len(after[0]) > 2 and _stranger(after[0].casefold()) and (urdu_or_hindi or after[0].startswith("ال")):
        return True
    end = after.end() if after and _stranger(after[0].casefold()) else word.end()
    return _THEN.match(text, end) is not None or (
        after is not None and after[0].startswith("و") and not _stranger(after[0][1:])
    )


def _stranger(word: str) -> bool:
    return word not in word_set("no_name") and word not in common_words()


def _goes_on(word: str, plain: str, cased: bool, count: int, sure: bool) -> bool:
    """Does another `word` belong to the name? Where names are written large only a large one or a particle does."""
    if cased:
        return word[0].isupper() or plain in _PARTICLES
    if word[0].lower() != word[0].upper():
        return plain in _PARTICLES or (sure and count < 2 and word[0].islower())
    return plain in _PARTICLES or (count < 2 and (sure or plain in word_set("given_names") or _stranger(plain)))


def _then_ends(text: str, at: int) -> bool:
    """Does the name end at `at`, before a word that is no name, a mark or the end?"""
    following = _WORD.match(text, _BLANK.match(text, at).end() if _BLANK.match(text, at) else at)
    if following:
        return following[0].casefold() in word_set("no_name")
    return not text[at:].strip()[:1].isdigit()


_TWO_LARGE = re.compile(rf"{_LARGE}(?:[\s-]{_LARGE}){{1,2}}")
_PEOPLE = re.compile(r"\w+(?:an|ean|ian|ish|ese|ic|er|i)", re.IGNORECASE)


def _two_large(text: str, start: int) -> Iterator[Span]:
    """A name of two or three words written large, given or not: "my wife Ayşe Demir". "I am South African" tells none."""
    found = _TWO_LARGE.match(text, _GAP.match(text, start).end())
    if found:
        words_ = [word.casefold() for word in re.split(r"[\s-]", found[0])]
        if not word_set("no_people") & set(words_) and not word_set("no_name") & set(words_):
            if words_[0] in word_set("given_names") or not _PEOPLE.fullmatch(words_[-1]) or text[start - 1] == ",":
                yield *found.span(), "name"


_ONE_LARGE = re.compile(rf"\s+(?P<name>{_LARGE}(?:[-\s]{_LARGE}){{0,2}})(?![\w’'])")
_FULL_NAME = re.compile(
    rf"(?<![\w’'-])(?P<given>{_LARGE}(?:-{_LARGE})?)(?P<rest>(?:\s(?:(?:de|da|dos|del|de la|van|von|bin|al|el|di|der)\s)?{_LARGE}(?:-{_LARGE})?){{1,3}})(?![\w’'])"
)


def _one_large(text: str, start: int) -> Iterator[Span]:
    """A name behind a relation though nobody has it in a list: "my husband Tunde". "My wife Swedish" and "my son PlayStation" are none."""
    found = _ONE_LARGE.match(text, start)
    if found:
        words_ = [word.casefold() for word in re.split(r"[\s-]", found["name"])]
        none = word_set("no_people") | word_set("no_name")
        if not none & set(words_) and (words_[0] in word_set("given_names") or words_[0] not in common_words()):
            yield *found.span("name"), "name"


# Patronymics, and surnames behind another name, in all their cases.
_PATRONYMIC = re.compile(
    r"(?<![\w-])(?P<given>[А-ЯЁ][а-яё]+) [А-ЯЁ][а-яё]+(?:ович|евич|ич|овн|евн|ичн|иничн)(?:а|у|ем|е|ы|ой|ою)?(?: [А-ЯЁ][а-яё]+)?(?!\w)"
)
_SURNAME = re.compile(
    r"(?<![\w-])(?P<given>[А-ЯЁ][а-яё]+) [А-ЯЁ][а-яё]+(?:ов|ев|ёв|ин|ын|ский|цкий|ова|ева|ёва|ина|ына|ская|цкая|енко|дзе|швили|ян|ук|юк|их|ых|ову|еву|ину|овой|евой|иной|ского|скому|ской|овым|евым|иным)(?!\w)"
)


def _slavic(text: str) -> Iterator[Span]:
    """Names in Cyrillic by how they end; "Нижний Новгород" and "Русский Стандарт" end otherwise."""
    for form in (_PATRONYMIC, _SURNAME):
        for found in form.finditer(text):
            given = found["given"].casefold()
            if given not in word_set("no_name") | word_set("no_people") and (
                form is _PATRONYMIC or given not in common_words()
            ):
                yield *found.span(), "name"


def _known(text: str) -> Iterator[Span]:
    """Names of two words and more, anywhere: "ask Sarah Thompson", "Iker Goikoetxea pays". Brands and places are none."""
    for found in _FULL_NAME.finditer(text):
        words_ = [word.casefold() for word in re.split(r"[\s-]", found[0])]
        none = (word_set("no_people") | word_set("no_name")) - _PARTICLES
        if none & set(words_):
            continue
        given = any(part in word_set("given_names") for part in found["given"].casefold().split("-"))
        # Words that are written large and that neither a question nor a town has are people's; makes of goods are in questions. Of Russian
        # the shipped questions know too few words for that.
        if given or not _CYRILLIC.search(found[0]) and not (set(words_) - _PARTICLES) & common_words():
            yield *found.span(), "name"


def _before(text: str) -> Iterator[Span]:
    """A name before "here" or "speaking": one or two words behind a mark or the beginning."""
    for found in pattern("name_before").finditer(text):
        words_ = list(_WORD.finditer(text, 0, found.start()))[-3:]
        named = []
        for word in reversed(words_):
            plain = word[0].strip(".").casefold()
            uncased = word[0][0].lower() == word[0][0].upper()
            if plain in word_set("no_name") or plain in word_set("no_people") or not (uncased or word[0][0].isupper()):
                break
            named.append(word)
            if re.search(r"[.,!?،۔]\s*$", text[: word.start()]) or len(named) == 2:
                break
        if named and not text[named[0].end() : found.start()].strip():
            yield named[-1].start(), named[0].end(), "name"


def _signature(text: str, start: int) -> Iterator[Span]:
    """A name after closing words, when nothing but the name follows to the end."""
    for begin, end, kind in _name_at(text, start, sure=True):
        known = any(word.strip(".,").casefold() in word_set("given_names") for word in text[begin:end].split())
        closes = _SIGNED_END.fullmatch(text, end)
        if closes and (known or text[begin].isupper() or text[start : start + 1] in ",،"):
            yield begin, end, kind


@cache
def _chinese_patterns() -> tuple[re.Pattern[str], ...]:
    surnames = words()["chinese_surnames"].strip()
    double = "欧阳|诸葛|司马|上官"
    surname = f"(?:{double}|[{surnames}])"
    stop = "我想要从在来是有去到的请可能，。？！、"
    given = f"[\u4e00-\u9fff]{{1,2}}?(?=[{stop}]|[^\u4e00-\u9fff]|$)"
    return (
        re.compile(f"(?:我叫|叫做|名叫|姓名(?:是|：|:)|我的名字(?:是|叫)|名字(?:是|：|:)|本人)(?P<name>{surname}(?:{given}|[\u4e00-\u9fff]{{1,2}}))"),
        re.compile(f"我姓(?P<name>{double}|[{surnames}])"),
        re.compile("(?:我叫|我的名字(?:是|叫)|姓名(?:是|：|:))\\s*(?P<name>[A-Za-z]+(?: [A-Z][a-z]+)*)"),
        re.compile(f"(?:我是|这是)(?P<name>{surname}{given})(?=[，。,!！]|$)"),
        re.compile(f"(?P<name>{surname}[\u4e00-\u9fff]{{0,2}}?)(?:先生|女士|小姐|太太)"),
        re.compile(f"(?:{words()['chinese_related']})(?:叫)?(?P<name>(?:{double})[\u4e00-\u9fff]{{1,2}}|(?![{words()['chinese_no_name']}])[\u4e00-\u9fff]{{2,3}}?)(?=[{words()['chinese_no_name']}]|[^\u4e00-\u9fff]|$)"),
    )  # fmt: skip


def _chinese(text: str) -> Iterator[Span]:
    if _HAN.search(text):
        for each in _chinese_patterns():
            for found in each.finditer(text):
                yield *found.span("name"), "name"
