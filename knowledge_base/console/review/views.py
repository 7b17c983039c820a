"""The pages: what waits, one draft to be judged, what was found about it, and the decision."""

from __future__ import annotations

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

from knowledge_base.console.review.differences import differences
from knowledge_base.console.review.requests import decide, guidance_or_404, judged, kind_of, waiting_for


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
    """Live against submitted. The look on both channels and what was found are parts of their own (parts.py): what they need takes
    seconds to import, and this page does not wait for it.
    """
    seen = judged(item, request.user)
    context = {
        "item": item,
        "kind": kind_of(item),
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
        return redirect("review:review", kind=kind_of(item), pk=item.pk)
    text = _("“%(item)s” is approved.") if action == "approve" else _("“%(item)s” was returned with your comment.")
    messages.success(request, text % {"item": item})
    return redirect("review:waiting")
