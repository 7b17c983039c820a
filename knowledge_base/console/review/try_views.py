"""Asking the assistant from a draft, and asking again what people asked."""

from __future__ import annotations

import logging
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from customs.trying import Tried, ask_release
from knowledge_base.asked.csv_file import csv_of
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.review import desk
from knowledge_base.console.review.drafts import Draft, draft_of
from knowledge_base.console.review.explaining import explain, outcome_words, problem_words
from knowledge_base.console.review.replaying import Replayed, replayed
from knowledge_base.console.review.requests import judged, kind_of
from knowledge_base.console.review.showing import render as on_channels
from knowledge_base.console.review.views import about_item
from knowledge_base.console.unanswered.pages import READ as READ_QUESTIONS
from knowledge_base.errors import KnowledgeError
from knowledge_base.search import Question, Searcher

log = logging.getLogger(__name__)
MOST_CHARS = 500
DAYS = 30


@require_http_methods(["GET", "POST"])
@about_item
def try_it(request: HttpRequest, item: Any) -> HttpResponse:
    """A question to the draft as if it were published, beside what is served; with the ranking explained."""
    context: dict[str, Any] = {"item": item, "kind": kind_of(item), "text": ""}
    if request.method == "POST":
        context["text"] = " ".join(request.POST.get("question", "").split())[:MOST_CHARS]
        try:
            draft = draft_of(item, judged(item, request.user).revision)
            context |= _asked(draft, context["text"])
        except (KnowledgeError, ValueError) as error:
            context["problem"] = problem_words(error)
        except Exception:  # whatever a half-written draft makes of it, its author must be told something
            log.exception("trying %s %s failed", context["kind"], item.pk)
            context["problem"] = _(
                "This could not be worked out. The person who runs the console finds the reason in its log."
            )
    whole = request.headers.get("X-Requested-With") != "XMLHttpRequest"
    return render(request, "review/try.html" if whole else "review/tried.html", context)


def _asked(draft: Draft, text: str) -> dict[str, Any]:
    if not text:
        raise ValueError(_("Write a question, as people ask it."))
    before, after = desk.bench().searcher, desk.searcher_of(draft)
    name, service = draft.change.administration, desk.settings()
    old, new = (ask_release(searcher, text, service, name) for searcher in (before, after))
    return {
        "served": _told(old),
        "tried": _told(new),
        "same": (old.outcome, old.text) == (new.outcome, new.text),
        "why": explain(after.search(_question(new, text, name))),
        "companions": draft.companions,
    }


def _question(tried: Tried, text: str, administration: str) -> Question:
    return Question(text, tried.custom["administration"] or administration, language=tried.custom["language"])


def _told(tried: Tried) -> dict[str, Any]:
    outcome, reason, entry = tried.outcome
    return {
        "outcome": outcome_words(outcome, reason),
        "entry": entry,
        "shown": on_channels(tried.custom),
        "text": tried.text,
    }


@require_http_methods(["GET", "POST"])
@about_item
def replay(request: HttpRequest, item: Any) -> HttpResponse:
    """Last month's questions, asked of what is served and of the draft: those whose answer would change, also as a CSV file."""
    if not request.user.has_perm(READ_QUESTIONS):
        raise PermissionDenied(_("You may not read what people asked."))
    context: dict[str, Any] = {"item": item, "kind": kind_of(item), "days": DAYS}
    if request.method == "POST":
        try:
            draft = draft_of(item, judged(item, request.user).revision)
            result = _remembered(draft)
        except KnowledgeError as error:
            context["problem"] = problem_words(error)
        else:
            csv = request.POST.get("as") == "csv"
            record(request.user, "questions.replay", item, questions=result.asked, changed=len(result.changed), csv=csv)
            if csv:
                return _csv(result, item.key)
            context["result"] = result
    return render(request, "review/replay.html", context)


def _remembered(draft: Draft) -> Replayed:
    """The result, kept for some minutes, so that the file holds what the page showed."""
    before: Searcher = desk.bench().searcher
    key = f"replay-{before.release.id}-{'-'.join(map(str, draft.identity))}".replace(" ", "").replace("'", "")
    found = cache.get(key)
    if found is None:
        found = replayed(draft, before, desk.searcher_of(draft), DAYS)
        cache.set(key, found, 600)
    return found


def _csv(result: Replayed, name: str) -> HttpResponse:
    titles = {
        "question": _("Question"),
        "times": _("Times asked"),
        "language": _("Language"),
        "before": _("What is served"),
        "after": _("With the draft"),
        "answer_before": _("Answer as served"),
        "answer_after": _("Answer with the draft"),
    }
    text = csv_of([change.row() for change in result.changed], list(titles), titles)
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.now():%Y-%m-%d}.csv"'
    return response
