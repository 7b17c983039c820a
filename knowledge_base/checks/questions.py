"""Questions: too few, written twice, in two entries; titles that two entries share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from knowledge_base.checks.checked import Checked
from knowledge_base.packs import Fault
from knowledge_base.said import Said

MIN_QUESTIONS = 8
MIN_NATIVE_QUESTIONS = 3


def normalise_question(text: str) -> str:
    """A question without what does not tell it from another: case, punctuation, blanks."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def enough_questions(checked: Checked) -> Iterator[Fault]:
    """Entries with too few questions in English or in the administration's own languages."""
    for entry in checked.pack.entries.values():
        for language in dict.fromkeys(["en", *checked.pack.administration.languages]):
            wanted = MIN_QUESTIONS if language == "en" else MIN_NATIVE_QUESTIONS
            have = len(entry.questions.get(language, []))
            if have < wanted:
                remedy = Said("Write at least {wanted}, each worded differently.", wanted=wanted)
                yield checked.in_entry(entry, f"questions.{language}", Said("{have} questions", have=have), remedy)


def written_twice(checked: Checked) -> Iterator[Fault]:
    """Questions that stand twice, in one entry or in two, and titles that two entries share."""
    seen: dict[str, str] = {}
    titled: dict[str, str] = {}
    for entry in checked.pack.entries.values():
        for language, questions in entry.questions.items():
            key = f"questions.{language}"
            for question, times in Counter(map(normalise_question, questions)).items():
                if times > 1:
                    yield checked.in_entry(entry, key, question, Said("Written twice; word one differently."))
                if seen.setdefault(question, entry.id) != entry.id:
                    remedy = Said("Also a question of {other}; keep it in one.", other=seen[question])
                    yield checked.in_entry(entry, key, question, remedy)
        if titled.setdefault(normalise_question(entry.title), entry.id) != entry.id:
            other = titled[normalise_question(entry.title)]
            yield checked.in_entry(
                entry, "title", entry.title, Said("Also the title of {other}; word one differently.", other=other)
            )
