"""The pages: what waits, one draft to be judged, what was found about it, and the decision."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.review import desk
from knowledge_base.console.review.differences import differences
from knowledge_base.console.review.drafts import Draft, draft_of
from knowledge_base.console.review.explaining import problem_words
from knowledge_base.console.review.findings import findings
from knowledge_base.console.review.requests import decide, guidance_or_404, judged, waiting_for
from knowledge_base.console.review.showing import figure_moves, languages_of, shown
from knowledge_base.errors import KnowledgeError

log = logging.getLogger(__name__)
MOST_ENTRIES = 20


def about_item(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page about one item of guidance that its reader may read."""

    @require_admin_access
    @wraps(view)
    def page(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        return view(request, guidance_or_404(request.user, kind, pk))

    return page


@require_GET
@require_admin_access
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for the reader's approval."""
    return render(request, "review/waiting.html", {"waiting": waiting_for(request.user)})


@require_GET
@about_item
def review(request: HttpRequest, item: Any) -> HttpResponse:
    """Live against submitted; the look on both channels and what was found come as parts of their own."""
    seen = judged(item, request.user)
    context = {
        "item": item,
        "kind": desk.kind_of(item),
        "seen": seen,
        "differences": differences(seen.live, seen.draft) if seen.revision is not None else [],
        "edit": reverse(item.snippet_viewset.get_url_name("edit"), args=[item.pk]),
        "history": reverse(item.snippet_viewset.get_url_name("history"), args=[item.pk]),
    }
    return render(request, "review/review.html", context)


@require_POST
@about_item
def decided(request: HttpRequest, item: Any) -> HttpResponse:
    """Approve or return exactly what the page showed."""
    action, comment = request.POST.get("act", ""), request.POST.get("comment", "").strip()[:5000]
    try:
        decide(item, request.user, action, comment, request.POST.get("revision", ""))
    except PermissionDenied as refused:
        messages.error(request, str(refused) or _("You may not decide on this."))
        return redirect("review:review", kind=desk.kind_of(item), pk=item.pk)
    text = _("“%(item)s” is approved.") if action == "approve" else _("“%(item)s” was returned with your comment.")
    messages.success(request, text % {"item": item})
    return redirect("review:waiting")


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
    return _part(request, item, "review/found.html", lambda draft: {"found": findings(draft)})


def _part(request: HttpRequest, item: Any, template: str, make: Callable[[Draft], dict[str, Any]]) -> HttpResponse:
    """The part made of the judged version; what stands against it is said in the part itself. Without a script it is a page."""
    context: dict[str, Any] = {"item": item, "kind": desk.kind_of(item)}
    try:
        context |= make(draft_of(item, judged(item, request.user).revision))
    except KnowledgeError as error:
        context["problem"] = problem_words(error)
    except Exception:  # a page of staff must say something, whatever a half-written draft makes of the search
        log.exception("the review of %s %s failed", context["kind"], item.pk)
        context["problem"] = _(
            "This could not be worked out. The person who runs the console finds the reason in its log."
        )
    whole = request.headers.get("X-Requested-With") != "XMLHttpRequest"
    context["base"] = "review/base.html" if whole else "review/bare.html"
    return render(request, template, context)
