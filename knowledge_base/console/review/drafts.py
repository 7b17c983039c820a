"""From a draft in the console to a change that can be tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from knowledge_base import model, yaml12
from knowledge_base.answer_text import figures_in
from knowledge_base.console.guidance.models import Administration, Entry, Figure, Guidance, PackFile, Source
from knowledge_base.console.guidance.shapes import administration_data, entry_data, figure_data, source_data
from knowledge_base.console.guidance.telling import faults_told, told
from knowledge_base.index.release import Shelf
from knowledge_base.pack_writing import PlainPack, pack_texts
from knowledge_base.rules.files import rule_files, rule_model
from knowledge_base.trying.change import Change
from knowledge_base.trying.errors import TryError


@dataclass(frozen=True)
class Draft:
    """A version of `item` to be tried: `draft` as an object, its revision's number in `identity`, and what it changes.

    `companions` are figures and sources that were never published and are tried along, as the answer names them.
    """

    item: Guidance
    draft: Any
    identity: tuple[Any, ...]
    change: Change
    companions: tuple[Guidance, ...] = ()

    def touched(self, shelf: Shelf) -> list[str]:
        """The entries of `shelf` that the draft is about: itself, or those that rest on its figure or source."""
        if self.change.entries:
            return list(self.change.entries)
        named, sources = set(self.change.figures), set(self.change.sources)
        return [
            entry.id
            for entry in shelf.entries
            if named & figures_in("\n".join([entry.answer, *(each.answer for each in entry.translations.values())]))
            or sources & set(entry.sources)
        ]


def draft_of(item: Guidance, revision: Any = None) -> Draft:
    """What `revision` of `item`, by default the newest draft, would change. Raises `TryError` when it is not complete."""
    revision = revision or item.get_latest_revision()
    draft = revision.as_object() if revision is not None else item
    companions = tuple(_companions(draft)) if isinstance(draft, Entry) else ()
    parts: dict[str, dict[str, Any]] = {}
    head = None
    for each in (draft, *companions):
        if isinstance(each, Administration):
            head = _typed(each, lambda each=each: _head(each))
        elif (found := _part(each)) is not None:
            parts.setdefault(found[0], {})[found[1]] = found[2]
    topics = {draft.key: draft.topic} if isinstance(draft, Entry) else {}
    change = Change(draft.administration_key, topics=topics, head=head, **parts)
    identity = (
        item._meta.model_name,
        item.pk,
        revision.pk if revision is not None else 0,
        *((each._meta.model_name, each.pk, each.latest_revision_id) for each in companions),
    )
    return Draft(item, draft, identity, change, companions)


def _part(each: Any) -> tuple[str, str, Any] | None:
    """The attribute of `Change`, the id and the typed thing; None for a file that no sum reads."""
    if isinstance(each, Entry):
        return "entries", each.key, _typed(each, lambda: model.Entry.model_validate(_entry(entry_data(each))))
    if isinstance(each, Figure):
        return "figures", each.key, _typed(each, lambda: model.Figure.model_validate(figure_data(each)))
    if isinstance(each, Source):
        data = source_data(each)
        return (
            "sources",
            each.key,
            _typed(each, lambda: model.Source.model_validate(data | {"note": data["note"] or None})),
        )
    name = each.key.removesuffix(".yml") if isinstance(each, PackFile) else ""
    if name not in rule_files():
        return None
    return "rules", name, _typed(each, lambda: rule_model(name).model_validate(yaml12.load(each.text)))


def _entry(data: dict[str, Any]) -> dict[str, Any]:
    places = {key: value for key, value in data["coming_from"].items() if value}
    return data | {"coming_from": places or None}


def _head(each: Administration) -> model.Administration:
    text = pack_texts(PlainPack(administration_data(each), [], [], {}))["administration.yml"]
    return model.Administration.model_validate(yaml12.load(text))


def _typed(each: Any, make: Any) -> Any:
    try:
        return make()
    except ValidationError as error:
        faults = "; ".join(faults_told(error)[:5])
    except (yaml12.YAMLError, ValueError) as error:
        faults = told(error)[:300]
    raise TryError(_("“%(item)s” is not complete yet: %(faults)s") % {"item": each, "faults": faults})


def _companions(draft: Entry) -> list[Guidance]:
    """The figures and sources that the answer names and that were never published."""
    texts = [draft.answer, *(translation.answer for translation in draft.translations.all())]
    figures = Figure.objects.filter(key__in=figures_in("\n".join(texts)), live=False)
    sources = Source.objects.filter(pk__in=[row.source_id for row in draft.entry_sources.all()], live=False)
    return [each.latest() for each in (*figures, *sources)]
