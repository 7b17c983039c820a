"""Between the console's models and the plain data of a pack (knowledge_base/pack_writing.py)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from knowledge_base.console.guidance.models import (
    Administration,
    Contact,
    Entry,
    EntrySource,
    Figure,
    FigureConflict,
    FigurePeriod,
    Question,
    Source,
    Translation,
)


def administration_data(administration: Administration) -> dict[str, Any]:
    emergency = {"phone": administration.emergency_phone, "sources": administration.emergency_sources}
    return {
        "format": 1,
        "id": administration.key,
        **{
            name: getattr(administration, name)
            for name in ("name", "authority", "currency", "languages", "time_zone", "covers", "not_covered", "called")
        },
        "contacts": [
            {
                "id": contact.key,
                **{
                    name: getattr(contact, name)
                    for name in ("name", "helps_with", "audience", "phone", "email", "url", "hours", "sources")
                },
            }
            for contact in administration.contacts.all()
        ],
        "emergency": emergency if administration.emergency_phone else None,
    }


def source_data(source: Source) -> dict[str, Any]:
    names = ("title", "publisher", "url", "kind", "as_of", "checked", "note")
    return {"id": source.key, **{name: getattr(source, name) for name in names}}


def figure_data(figure: Figure, keys: dict[int, str] | None = None) -> dict[str, Any]:
    """`keys` gives the ids of sources by primary key, so that writing a whole pack asks for them once."""

    def key_of(item: Any) -> str:
        return keys[item.source_id] if keys is not None else item.source.key

    return {
        "id": figure.key,
        "label": figure.label,
        "unit": figure.unit or None,
        "currency": figure.currency or None,
        "valid": [
            {name: day for name, day in (("from", period.start), ("until", period.until)) if day}
            | {"value": period.value}
            for period in figure.periods.all()
        ],
        "at_limit": figure.at_limit or None,
        "source": key_of(figure) if figure.source_id else "",
        "status": figure.status,
        "conflict": [
            {"value": other.value, "source": key_of(other)} | ({"note": other.note} if other.note else {})
            for other in figure.conflicts.all()
        ],
        "note": figure.note or None,
    }


def entry_data(
    entry: Entry, keys: dict[int, str] | None = None, entry_keys: dict[int, str] | None = None
) -> dict[str, Any]:
    """`keys` and `entry_keys` give the ids of sources and entries by primary key."""
    questions: dict[str, list[str]] = {}
    for question in entry.questions.all():
        questions.setdefault(question.language, []).append(question.text)
    return {
        "id": entry.key,
        "title": entry.title,
        "audience": entry.audience,
        "questions": questions,
        "answer": entry.answer,
        "sources": [keys[row.source_id] if keys is not None else row.source.key for row in entry.entry_sources.all()],
        "effective": {"from": entry.effective_from, "until": entry.effective_until},
        "coming_from": {"only": entry.only_from, "not": entry.not_from},
        "review_by": entry.review_by,
        "related": [
            entry_keys[row.other_id] if entry_keys is not None else row.other.key for row in entry.related_entries.all()
        ],
        "most_asked": entry.most_asked,
        "translations": {
            row.language: {"title": row.title, "answer": row.answer, "of": row.of} for row in entry.translations.all()
        },
    }


# ---------------------------------------------------------------- the other way


def fill_administration(administration: Administration, data: dict[str, Any]) -> None:
    for name in ("name", "authority", "currency", "languages", "time_zone", "covers"):
        setattr(administration, name, data[name])
    administration.not_covered, administration.called = data.get("not_covered", []), data.get("called", [])
    emergency = data.get("emergency") or {}
    administration.emergency_phone = emergency.get("phone", "")
    administration.emergency_sources = emergency.get("sources", [])
    administration.contacts = [
        Contact(
            sort_order=place,
            key=contact["id"],
            name=contact["name"],
            helps_with=contact["helps_with"],
            audience=contact.get("audience", "both"),
            hours=contact.get("hours") or {},
            sources=contact["sources"],
            **{name: contact.get(name) or "" for name in ("phone", "email", "url")},
        )
        for place, contact in enumerate(data.get("contacts", []))
    ]


def fill_source(source: Source, data: dict[str, Any]) -> None:
    for name in ("title", "publisher", "url", "kind", "as_of", "checked"):
        setattr(source, name, data[name])
    source.note = data.get("note") or ""


def fill_figure(figure: Figure, data: dict[str, Any], sources: dict[str, Source]) -> None:
    """Raises KeyError for a source that is not in `sources`."""
    figure.label, figure.status = data["label"], data["status"]
    for name in ("unit", "currency", "at_limit", "note"):
        setattr(figure, name, data.get(name) or "")
    figure.source = sources[data["source"]]
    figure.periods = [
        FigurePeriod(sort_order=place, start=period.get("from"), until=period.get("until"), value=period["value"])
        for place, period in enumerate(data["valid"])
    ]
    figure.conflicts = [
        FigureConflict(
            sort_order=place, value=other["value"], source=sources[other["source"]], note=other.get("note") or ""
        )
        for place, other in enumerate(data.get("conflict", []))
    ]


def fill_entry(entry: Entry, data: dict[str, Any], sources: dict[str, Source]) -> None:
    """All but `related`, which may name entries that are still to come. Raises KeyError for a source that is not there."""
    for name in ("title", "audience", "answer", "review_by"):
        setattr(entry, name, data[name])
    effective, coming = data.get("effective") or {}, data.get("coming_from") or {}
    entry.effective_from, entry.effective_until = effective.get("from"), effective.get("until")
    entry.only_from, entry.not_from = coming.get("only", []), coming.get("not", [])
    entry.most_asked = bool(data.get("most_asked"))
    entry.questions = questions_of(data["questions"])
    entry.entry_sources = [
        EntrySource(sort_order=place, source=sources[key]) for place, key in enumerate(data["sources"])
    ]
    entry.translations = [
        Translation(
            sort_order=place, language=language, **{name: words.get(name, "") for name in ("title", "answer", "of")}
        )
        for place, (language, words) in enumerate(data.get("translations", {}).items())
    ]


def questions_of(by_language: dict[str, Iterable[str]]) -> list[Question]:
    """Questions in the order in which they are given."""
    flat = [(language, text) for language, texts in by_language.items() for text in texts]
    return [Question(sort_order=place, language=language, text=text) for place, (language, text) in enumerate(flat)]
