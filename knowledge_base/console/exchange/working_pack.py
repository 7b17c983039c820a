"""An administration of the console as a pack: what is served, or with the newest drafts in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from pydantic import ValidationError

from knowledge_base import model, yaml12
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance, PackFile, Source
from knowledge_base.console.guidance.shapes import administration_data, entry_data, figure_data, source_data
from knowledge_base.model import Pack
from knowledge_base.pack_writing import PlainPack, pack_texts
from knowledge_base.rules.files import rule_files, rule_model


def working_pack(administration: Administration, *, drafts: bool, printing: str = "") -> tuple[Pack, list[str]]:
    """The pack, and the ids of drafts that are not complete enough to stand in it: what is served stands in their place.

    With `drafts` the newest draft of each thing counts, also of what was never served; without, what is served alone. `printing` keeps
    to the entries that print the figure with this id, which is much quicker where there are thousands.
    """
    sources = dict(Source.objects.values_list("pk", "key"))
    entries = dict(Entry.objects.values_list("pk", "key"))
    items = _Items(drafts)
    answers = _rows(Entry, administration)
    if printing:
        mark = "{" + printing
        answers = answers.filter(Q(answer__contains=mark) | Q(translations__answer__contains=mark)).distinct()
    pack = Pack.model_construct(
        administration=_head(administration),
        sources=items.typed(
            _rows(Source, administration), model.Source, lambda item: source_data(item) | {"note": item.note or None}
        ),
        figures=items.typed(
            _rows(Figure, administration).prefetch_related("periods", "conflicts"),
            model.Figure,
            lambda item: figure_data(item, sources),
        ),
        entries=items.typed(
            answers.prefetch_related("questions", "entry_sources", "related_entries", "translations"),
            model.Entry,
            lambda item: _entry(entry_data(item, sources, entries)),
        ),
        topics={},
        rules=_rules(administration, drafts),
    )
    pack.topics.update({key: items.topics[key] for key in pack.entries})
    return pack, items.incomplete


def _head(administration: Administration) -> model.Administration:
    text = pack_texts(PlainPack(administration_data(administration), [], [], {}))["administration.yml"]
    return model.Administration.model_validate(yaml12.load(text))


def _rows(kind: type[Guidance], administration: Administration) -> QuerySet:
    return kind._default_manager.filter(administration=administration).order_by("position", "pk")


def _entry(data: dict[str, Any]) -> dict[str, Any]:
    places = data["coming_from"]
    return data | {"coming_from": places if places["only"] or places["not"] else None}


class _Items:
    def __init__(self, drafts: bool) -> None:
        self.drafts = drafts
        self.incomplete: list[str] = []
        self.topics: dict[str, str] = {}

    def typed(self, rows: Iterable[Any], kind: type, data: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        found = {}
        for row in rows:
            for item in self._candidates(row):
                try:
                    found[row.key] = kind.model_validate(data(item))
                except (ValidationError, KeyError):
                    self.incomplete.append(row.key)
                    continue
                self.topics[row.key] = getattr(item, "topic", "")
                break
        return found

    def _candidates(self, row: Any) -> Iterable[Any]:
        if self.drafts and row.has_unpublished_changes and row.latest_revision_id:
            yield row.latest()
        if row.live or self.drafts:
            yield row


def _rules(administration: Administration, drafts: bool) -> dict[str, Any]:
    """The data of the sums; a file that does not fit its model is left out, as its sums are."""
    found = {}
    for row in PackFile.objects.filter(administration=administration, key__in=[f"{name}.yml" for name in rule_files()]):
        name = row.key.removesuffix(".yml")
        item = row.latest() if drafts and row.has_unpublished_changes else row
        if not (row.live or drafts):
            continue
        try:
            found[name] = rule_model(name).model_validate(yaml12.load(item.text))
        except (ValidationError, yaml12.YAMLError, ValueError):
            continue
    return found
