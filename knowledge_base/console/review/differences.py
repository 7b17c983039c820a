"""What differs between two versions, field by field, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from knowledge_base.console.guidance.models import Entry, Figure, Guidance
from knowledge_base.console.guidance.topics import language_name

SAME, GONE, NEW = "same", "gone", "new"
# A word with the blank behind it: blanks of their own would be found the same everywhere and tear sentences apart.
_WORD = re.compile(r"\{[^{}]*\}\s*|\w+\s*|[^\w\s]\s*|\s+")
# Fields of which each line is a thing of its own.
_LISTS = ("questions.", "sources", "related", "periods", "conflicts", "contacts")
_RTL = frozenset({"ar", "ur", "fa", "he"})
# Fields that say nothing to a reviewer.
_HIDDEN = frozenset(
    {
        "id", "position", "changed_at", "live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision",
        "expired", "locked", "locked_at", "locked_by", "latest_revision",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One field: `parts` are (same | gone | new, text); `language` is that of the words, when they are an answer's."""

    label: str
    parts: tuple[tuple[str, str], ...]
    language: str = ""

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in _RTL else "auto"


def differences(before: Guidance | None, after: Guidance) -> list[Difference]:
    """The fields in which `after` differs from `before`, what is served; all that are filled in when nothing is."""
    old = _fields(before) if before is not None else {}
    new = _fields(after)
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        label, language = new.get(key, old.get(key))[:2]
        one, other = old.get(key, ("", "", ""))[2], new.get(key, ("", "", ""))[2]
        if one.strip() != other.strip():
            parts = line_parts if key.startswith(_LISTS) else word_parts
            found.append(Difference(label, tuple(parts(one.strip(), other.strip())), language))
    return found


def line_parts(before: str, after: str) -> Iterator[tuple[str, str]]:
    """(gone | new, line) for lists, such as questions: the lines that come and go, without the many that stay."""
    old, new = before.splitlines(), after.splitlines()
    for how, lines, others in ((GONE, old, set(new)), (NEW, new, set(old))):
        for line in lines:
            if line not in others:
                yield how, line
                yield SAME, "\n"


def word_parts(before: str, after: str) -> Iterator[tuple[str, str]]:
    """(same | gone | new, text): how `before` becomes `after`, by whole words; the braces of a figure are one word."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    for how, i, j, k, n in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if how == "equal":
            yield SAME, "".join(old[i:j])
            continue
        if j > i:
            yield GONE, "".join(old[i:j])
        if n > k:
            yield NEW, "".join(new[k:n])


def _fields(item: Guidance) -> dict[str, tuple[str, str, str]]:
    """Key → label, language, text; the answer and its translations first."""
    found: dict[str, tuple[str, str, str]] = {}
    own = "en" if isinstance(item, Entry) else ""
    for field in item._meta.concrete_fields:
        if field.name in _HIDDEN:
            continue
        text = _text(item, field)
        if text:
            found[field.name] = (
                capfirst(str(field.verbose_name)),
                own if field.name in ("title", "answer") else "",
                text,
            )
    if isinstance(item, Entry):
        found |= _of_entry(item)
    elif isinstance(item, Figure):
        lines = [_period(period) for period in item.periods.all()]
        found["periods"] = (_("Values"), "", "\n".join(lines))
        others = [f"{other.value} ({other.source}) {other.note}".strip() for other in item.conflicts.all()]
        found["conflicts"] = (_("Other values that were found"), "", "\n".join(others))
    elif hasattr(item, "contacts"):
        told = [
            " · ".join(filter(None, (contact.name, contact.phone, contact.email, contact.url, _words(contact.hours))))
            for contact in item.contacts.all()
        ]
        found["contacts"] = (_("Contacts"), "", "\n".join(told))
    return found


def _of_entry(entry: Entry) -> dict[str, tuple[str, str, str]]:
    found: dict[str, tuple[str, str, str]] = {}
    for row in entry.translations.all():
        name = language_name(row.language)
        found[f"title.{row.language}"] = (_("Title, %(language)s") % {"language": name}, row.language, row.title)
        found[f"answer.{row.language}"] = (_("Answer, %(language)s") % {"language": name}, row.language, row.answer)
    by_language: dict[str, list[str]] = {}
    for question in entry.questions.all():
        by_language.setdefault(question.language, []).append(question.text)
    for language, lines in by_language.items():
        label = _("Questions, %(language)s") % {"language": language_name(language)}
        found[f"questions.{language}"] = (label, language, "\n".join(lines))
    found["sources"] = (_("Sources"), "", "\n".join(str(row.source) for row in entry.entry_sources.all()))
    found["related"] = (_("Offered under it"), "", "\n".join(str(row.other) for row in entry.related_entries.all()))
    return found


def _period(period: Any) -> str:
    if not period.start and not period.until:
        return str(period.value)
    start = date_format(period.start, "j M Y") if period.start else "…"
    until = date_format(period.until, "j M Y") if period.until else "…"
    return f"{start} – {until}: {period.value}"


def _text(item: Guidance, field: Any) -> str:
    if field.choices:
        return str(getattr(item, f"get_{field.name}_display")())
    value = getattr(item, field.name)
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return _words(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return date_format(value, "j M Y") if isinstance(value, date) else str(value)


def _words(value: Any) -> str:
    return "\n".join(f"{name}: {words}" for name, words in (value or {}).items())
