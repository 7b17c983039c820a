"""What the checker and the exchange say to staff, in the language of whoever is signed in."""

from __future__ import annotations

from django.utils.translation import get_language, gettext
from pydantic import ValidationError

from knowledge_base.console.guidance.topics import language_name
from knowledge_base.objections import objection
from knowledge_base.said import in_language


def told(said: object) -> str:
    """A sentence of `knowledge_base.said`, or the one that an error was raised with; any other text as it is."""
    text = said.args[0] if isinstance(said, Exception) and said.args else said
    return in_language(text if isinstance(text, str) else str(text), (get_language() or "en").split("-")[0])


def faults_told(error: ValidationError) -> list[str]:
    """What a model objects to in a draft: the place in words, then the objection."""
    found = []
    for problem in error.errors(include_url=False):
        place = told_key(".".join(str(step) for step in problem["loc"] if not isinstance(step, int)))
        words = told(objection(problem)).removesuffix(".")
        found.append(gettext("%(place)s: %(objection)s") % {"place": place, "objection": words} if place else words)
    return found


def told_key(key: str) -> str:
    """A key of a pack in words: `translations.ar.answer` is the answer in Arabic. A key without words here is told as it is."""
    parts = key.split(".")
    words = {
        "title": gettext("title"), "answer": gettext("answer"), "questions": gettext("questions"), "translations": gettext("translation"),
        "sources": gettext("sources"), "source": gettext("source"), "related": gettext("offered under it"), "review_by": gettext("review by"),
        "label": gettext("label"), "status": gettext("status"), "valid": gettext("values"), "conflict": gettext("other values"), "url": gettext("address"),
        "checked": gettext("read on"), "effective": gettext("when it holds"), "audience": gettext("for"), "of": gettext("made from"),
        "until": gettext("until"), "from": gettext("from"), "unit": gettext("unit"), "currency": gettext("currency"), "value": gettext("value"),
    }  # fmt: skip
    found = [words.get(part) or (language_name(part) if place else part) for place, part in enumerate(parts)]
    return " › ".join(found)
