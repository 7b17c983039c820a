"""The parts of the review page that need search and release: how it looks to readers, and what was found about it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft, draft_of
from knowledge_base.console.review.explaining import problem_words, verdict_words
from knowledge_base.console.review.looking import look_at, under_way
from knowledge_base.console.review.requests import judged, kind_of
from knowledge_base.console.review.showing import figure_moves, languages_of, shown
from knowledge_base.console.review.views import about_item
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)
MOST_ENTRIES = 20


@require_GET
@about_item
def look(request: HttpRequest, item: Any) -> HttpResponse:
    """A part of the page: the answer on the web and on Telegram, as served and with the draft."""

    def context(draft: Draft) -> dict[str, Any]:
        before, after = desk.bench().searcher, desk.searcher_of(draft)
        ids = [name for name in draft.touched(after.release.shelves[draft.change.administration])][:MOST_ENTRIES]
        if not ids:
            return {"entries": []}
        chosen = request.GET.get("entry") if request.GET.get("entry") in ids else ids[0]
        languages = languages_of(after, chosen)
        language = next((code for code, _name in languages if code == request.GET.get("language")), "en")
        name = draft.change.administration
        return {
            "entries": [(each, after.release.entry(each).title) for each in ids],
            "chosen": chosen,
            "languages": languages,
            "language": language,
            "before": shown(before, chosen, language) if before.release.entry(chosen) else None,
            "after": shown(after, chosen, language),
            "moves": figure_moves(draft, before.release.shelves[name], after.release.shelves[name]),
            "companions": draft.companions,
        }

    return _part(request, item, "review/look.html", context)


@require_GET
@about_item
def found(request: HttpRequest, item: Any) -> HttpResponse:
    """A part of the page: doubles, contradicting numbers, questions whose verdict would change."""

    revision = judged(item, request.user).revision
    version = (kind_of(item), item.pk, revision.pk if revision is not None else 0)

    def context(draft: Draft) -> dict[str, Any]:
        looked = look_at(draft, version)
        if looked.result is None:
            return {"problem": looked.problem, "waits": looked}
        moved = [
            move | {"before": verdict_words(**move["before"]), "after": verdict_words(**move["after"])}
            for move in looked.result["moved"]
        ]
        return {"found": looked.result | {"moved": moved}}

    if waits := under_way(version):
        return _shown(request, item, "review/found.html", {"waits": waits})
    return _part(request, item, "review/found.html", context)


def _part(request: HttpRequest, item: Any, template: str, make: Callable[[Draft], dict[str, Any]]) -> HttpResponse:
    """The part made of the judged version; what stands against it is said in the part itself."""
    try:
        context = make(draft_of(item, judged(item, request.user).revision))
    except KnowledgeError as error:
        context = {"problem": problem_words(error)}
    except Exception:  # a page of staff must say something, whatever a half-written draft makes of the search
        log.exception("the review of %s %s failed", kind_of(item), item.pk)
        context = {
            "problem": _("This could not be worked out. The person who runs the console finds the reason in its log.")
        }
    return _shown(request, item, template, context)


def _shown(request: HttpRequest, item: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """A part for the page's script; without a script it is a page."""
    whole = request.headers.get("X-Requested-With") != "XMLHttpRequest"
    base = "review/base.html" if whole else "review/bare.html"
    return render(request, template, {"item": item, "kind": kind_of(item), "base": base} | context)
