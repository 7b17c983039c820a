"""Which answers, translations and sums use a figure; which rest on a source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.snippets.views import snippets

from knowledge_base.console.guidance.models import Entry, Figure, PackFile, RelatedEntry, Source


@dataclass(frozen=True)
class Use:
    """Where something is used: the item, and in which languages or lines of it."""

    item: Any
    where: tuple[str, ...] = ()


def uses_of(item: Any) -> list[Use]:
    """Everything published or drafted that names `item`, answers first."""
    if isinstance(item, Figure):
        return _uses_of_figure(item)
    if isinstance(item, Source):
        entries = Entry.objects.filter(entry_sources__source=item).distinct()
        figures = Figure.objects.filter(Q(source=item) | Q(conflicts__source=item)).distinct()
        return [Use(found) for found in (*entries, *figures)]
    if isinstance(item, Entry):
        named = RelatedEntry.objects.filter(other=item).select_related("entry")
        return [Use(row.entry) for row in named] + _in_files(item.key, item.administration_id)
    return []


def _uses_of_figure(figure: Figure) -> list[Use]:
    name = re.compile(r"\{" + re.escape(figure.key) + r"(\|[a-z]+)?\}")
    likely = Entry.objects.filter(Q(answer__contains="{" + figure.key) | Q(translations__answer__contains="{" + figure.key))
    found = []
    for entry in likely.distinct().prefetch_related("translations").select_related("administration"):
        where = ["en"] if name.search(entry.answer) else []
        where += [row.language for row in entry.translations.all() if name.search(row.answer)]
        if where:
            found.append(Use(entry, tuple(where)))
    return found + _in_files(figure.key, figure.administration_id)


def _in_files(key: str, administration: int) -> list[Use]:
    word = re.compile(rf"(?<![a-z0-9_.]){re.escape(key)}(?![a-z0-9_]|\.[a-z0-9_])")
    files = PackFile.objects.filter(administration_id=administration, text__contains=key)
    found = []
    for file in files:
        lines = tuple(str(number) for number, line in enumerate(file.text.splitlines(), 1) if word.search(line))
        if lines:
            found.append(Use(file, lines))
    return found


class UsageView(snippets.UsageView):
    """The page “which answers use it”, from the words of the answers themselves."""

    permission_required = None
    any_permission_required = ["add", "change", "view"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        uses = uses_of(self.object)
        for use in uses:
            use.item.edit_url = use.item.snippet_viewset and _edit_url(use.item)
        return render(request, "guidance/usage.html", {"object": self.object, "uses": uses, "edit_url": _edit_url(self.object)})


def _edit_url(item: Any) -> str:
    from django.urls import reverse

    return reverse(item.snippet_viewset.get_url_name("edit"), args=[item.pk])
