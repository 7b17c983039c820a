"""Small pages that the editor asks: figures to choose from, an answer as readers will see it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin.auth import require_admin_access

from knowledge_base.answer_text import PLACEHOLDER, fill, to_blocks
from knowledge_base.console.guidance.models import Figure

FOUND_AT_MOST = 30


@require_GET
@require_admin_access
def figures(request: HttpRequest) -> JsonResponse:
    """The figures of an administration whose id or label has the words that were typed, with today's value."""
    rows = Figure.objects.filter(administration_id=_number(request.GET.get("administration"))).select_related("source")
    for word in request.GET.get("q", "").split():
        rows = rows.filter(Q(label__icontains=word) | Q(key__icontains=word))
    found = rows.prefetch_related("periods", "conflicts__source").order_by("key")[:FOUND_AT_MOST]
    return JsonResponse(
        {
            "figures": [
                {"key": row.key, "label": row.label, "value": row.value_today(), "status": row.status} for row in found
            ]
        }
    )


@require_POST
@require_admin_access
def answer_preview(request: HttpRequest) -> HttpResponse:
    """An answer with the values of today, as paragraphs and lists; what is wrong with it stands above."""
    text = request.POST.get("answer", "")[:20_000]
    language = request.POST.get("language", "")
    language = language if language in settings.GUIDANCE_LANGUAGES else "en"
    keys = {match["figure"] for match in PLACEHOLDER.finditer(text) if match["figure"]}
    rows = Figure.objects.filter(key__in=keys).select_related("source").prefetch_related("periods", "conflicts__source")
    typed, problems = {}, []
    for row in rows:
        try:
            typed[row.key] = row.typed()
            typed[row.key].value_on(date.today())
        except (ValueError, LookupError):
            typed.pop(row.key, None)
            problems.append(_("The figure “%(figure)s” has no value today.") % {"figure": row.key})
    for key in sorted(keys - {row.key for row in rows}):
        problems.append(_("There is no figure “%(figure)s”: choose one with the button.") % {"figure": key})
    shown = PLACEHOLDER.sub(
        lambda match: match[0] if not match["figure"] or match["figure"] in typed else f"[{match['figure']}]", text
    )
    try:
        filled = fill(shown, typed, date.today(), language)
    except (LookupError, ValueError):
        filled = shown
    if {"{", "}"} & set(filled):
        problems.append(_("A brace stands alone. Figures are chosen with the button."))
    return render(
        request,
        "guidance/answer_preview.html",
        {
            "blocks": [{**block, "items_": block.get("items")} for block in to_blocks(filled)],
            "problems": problems,
            "language": language,
        },
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
