"""Answers: numbers that are no figure, stray braces, too long, too hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge_base.answer_text import PLACEHOLDER
from knowledge_base.checks.checked import Checked, texts
from knowledge_base.packs import Fault
from knowledge_base.reading import entry_grade
from knowledge_base.said import Said

MAX_WORDS, TOO_MANY_WORDS = 120, 170
MAX_GRADE = 10  # the rule is 7 to 8, ages 12 to 14; a name that cannot be avoided may cost two
_BRACES = re.compile(r"[{}]")
# A marked literal is a name; an amount of money or of something is a rule and belongs into a figure.
_QUANTITY = re.compile(
    r"[$£€]\s?\d|\b(?:AED|EUR|GBP|USD)(?:\s\d|\d\d)|"
    r"^\d[\d.,]*\s*(?:%|percent|litres?|liters?|kilos?|kg|g|grams?|metres?|cm|km|hours?|days?|weeks?|months?|years?|euros?|pounds?|dollars?|dirhams?)$",
    re.IGNORECASE,
)


def numbers(checked: Checked) -> Iterator[Fault]:
    """Digits outside placeholders, quantities marked as names, and braces that belong to nothing."""
    for entry in checked.pack.entries.values():
        for key, text in texts(entry):
            bare = PLACEHOLDER.sub("", text)
            for number in re.findall(r"\S*\d\S*", bare):
                yield checked.in_entry(
                    entry, key, number, Said("A bare digit: make it a figure, or mark a name as {=…}.")
                )
            if _BRACES.search(bare):
                remedy = Said("A brace that belongs to no placeholder; see docs/content-guide.md.")
                yield checked.in_entry(entry, key, "{ }", remedy)
            for match in PLACEHOLDER.finditer(text):
                if match["literal"] and _QUANTITY.search(match["literal"].strip()):
                    remedy = Said("An amount marked as a name: make it a figure, so that it has a source and a period.")
                    yield checked.in_entry(entry, key, match[0], remedy, "warning")


def length(checked: Checked) -> Iterator[Fault]:
    """Answers with too many words."""
    for entry in checked.pack.entries.values():
        words = len(PLACEHOLDER.sub("x", entry.answer).split())
        if words > MAX_WORDS:
            level = "error" if words > TOO_MANY_WORDS else "warning"
            remedy = Said("Shorten it to {max_words} words or split the entry.", max_words=MAX_WORDS)
            yield checked.in_entry(entry, "answer", Said("{words} words", words=words), remedy, level)


def reading_level(checked: Checked) -> Iterator[Fault]:
    """English answers that are too hard to read, with their figures filled in."""
    if checked.pack.administration.languages[0] != "en":
        return  # the measure knows English only
    for entry in checked.pack.entries.values():
        grade = entry_grade(entry, checked.pack.figures, checked.today)
        if grade is not None and grade > MAX_GRADE:
            remedy = Said("Hard to read: shorter sentences, plainer words. Ages 12 to 14 read grades 7 and 8.")
            yield checked.in_entry(entry, "answer", Said("grade {grade:.1f}", grade=grade), remedy, "warning")
