"""Another value of a figure: type it, see all that it moves, submit it as one change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.exchange.drafting import why_not_now
from knowledge_base.console.exchange.figure_changes import as_data, impact_of, submit_change
from knowledge_base.console.exchange.forms import FigureValueForm
from knowledge_base.console.exchange.models import FigureChange
from knowledge_base.console.exchange.shown import shown_impact
from knowledge_base.console.guidance.models import Figure
from knowledge_base.console.guidance.telling import told
from knowledge_base.exchange.errors import ExchangeError

_ON_A_PAGE = 30


@require_GET
@require_admin_access
def choose(request: HttpRequest) -> HttpResponse:
    """The figures to choose from, by words of their id or label, and the changes that were submitted last."""
    must_have(request.user, "guidance.view_figure")
    rows = Figure.objects.select_related("administration", "source").prefetch_related("periods", "conflicts__source")
    words = request.GET.get("q", "")[:200]
    for word in words.split():
        rows = rows.filter(Q(label__icontains=word) | Q(key__icontains=word))
    page = Paginator(rows.order_by("key"), _ON_A_PAGE).get_page(request.GET.get("p"))
    changes = FigureChange.objects.select_related("figure", "user")[:10]
    return render(request, "exchange/figures.html", {"page": page, "words": words, "changes": changes})


@require_http_methods(["GET", "POST"])
@require_admin_access
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; after it what the value moves, and the button that submits it."""
    figure = get_object_or_404(Figure.objects.select_related("administration", "source"), pk=pk)
    must_have(request.user, "guidance.change_figure")
    if not may_work_on(request.user, figure.administration_key):
        raise PermissionDenied(_("You do not work on this administration."))
    initial = {"source": figure.source_id, "status": figure.status, "numbers": _numbers(figure)}
    form = FigureValueForm(figure, request.POST or None, initial=initial)
    impact = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data["value"]
        try:
            impact = impact_of(figure, said, date.today(), form.cleaned_data["numbers"] or None, **form.edit())
            if request.POST.get("submit") and not _errors(impact):
                kept = submit_change(figure, impact, said, form.cleaned_data["note"], request.user)
                messages.success(request, _("The change waits for a second person."))
                return redirect("exchange:figure_change", kept.pk)
        except ExchangeError as error:
            form.add_error("value", told(error))
            impact = None
    context = {
        "figure": figure, "form": form, "impact": shown_impact(as_data(impact)) if impact else None,
        "wrong": _errors(impact) if impact else [], "why_not": why_not_now(figure, request.user),
        "draft": figure.get_latest_revision() if figure.live and figure.has_unpublished_changes else None,
    }  # fmt: skip
    return render(request, "exchange/figure.html", context)


@require_GET
@require_admin_access
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """A change as it was submitted, for whoever approves it and for the record."""
    must_have(request.user, "guidance.view_figure")
    kept = get_object_or_404(FigureChange.objects.select_related("figure__administration", "user", "revision"), pk=pk)
    waits = kept.figure.workflow_in_progress and kept.figure.latest_revision_id == kept.revision_id
    served = kept.revision_id is not None and kept.figure.live_revision_id == kept.revision_id
    return render(
        request,
        "exchange/figure_change.html",
        {"change": kept, "impact": shown_impact(kept.impact), "waits": waits, "served": served},
    )


def _numbers(figure: Figure) -> str:
    """How the administration's own pages write numbers."""
    first = (figure.administration.languages or [""])[0]
    return {"en": "en", "ar": "en", "de": "de", "es": "de", "fr": "fr", "ru": "fr"}.get(first, "")


def _errors(impact: Any) -> list[str]:
    return [f"{fault.item}: {told(fault.remedy)}" for fault in impact.faults if fault.level == "error"]


def must_have(user: Any, permission: str) -> None:
    """Raises `PermissionDenied` for somebody without this permission."""
    if not user.has_perm(permission):
        raise PermissionDenied(_("Your role does not include this."))
