"""Guidance that came with this version: what it would change here, and taking over what somebody chooses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.exchange.models import ShippedLook
from knowledge_base.console.exchange.shipped_errands import shipped_folder
from knowledge_base.console.exchange.views.figures import must_have
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.items import KINDS
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.telling import told, told_key
from knowledge_base.console.guidance.topics import administration_called
from knowledge_base.errors import PackError
from knowledge_base.exchange.tables.words import word_diff

_ON_A_PAGE = 25
_KEPT = timedelta(days=7)
BRING = "exchange.bring_shipped"


@require_http_methods(["GET", "POST"])
@require_admin_access
def shipped(request: HttpRequest) -> HttpResponse:
    """The administrations, each with its last comparison and the button that begins one."""
    must_have(request.user, "guidance.view_entry")
    if request.method == "POST":
        must_have(request.user, BRING)
        administration = get_object_or_404(Administration, key=request.POST.get("administration", ""))
        _work_on(request.user, administration)
        old = ShippedLook.objects.filter(step=ShippedLook.Step.SHOWN, step_at__lt=timezone.now() - _KEPT)
        old.update(step=ShippedLook.Step.GIVEN_UP, seen={})
        look = ShippedLook.objects.create(
            administration=administration, user=request.user, tongue=get_language() or "en"
        )
        record(request.user, "shipped.compare", administration)
        return redirect("exchange:shipped_look", look.pk)
    rows = [_row(administration, request.user) for administration in Administration.objects.order_by("key")]
    return render(request, "exchange/shipped.html", {"rows": rows})


def _row(administration: Administration, user: Any) -> dict[str, Any]:
    try:
        shipped_folder(administration.key)
        why_not = ""
    except PackError as error:
        why_not = told(error)
    last = ShippedLook.objects.filter(administration=administration).select_related("user").defer("seen").first()
    return {
        "administration": administration, "name": administration_called(administration), "last": last, "why_not": why_not,
        "may": user.has_perm(BRING) and may_work_on(user, administration.key),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@require_admin_access
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """One comparison; its button submits what is ticked for approval."""
    must_have(request.user, "guidance.view_entry")
    kept = get_object_or_404(ShippedLook.objects.select_related("administration", "user"), pk=pk)
    mine = request.user.has_perm(BRING) and kept.user_id == request.user.pk
    if request.method == "POST":
        must_have(request.user, BRING)
        _work_on(request.user, kept.administration)
        if not mine:
            raise PermissionDenied(_("Somebody else began this comparison: begin your own."))
        return _act(request, kept)
    name = administration_called(kept.administration)
    if kept.waits:
        heading = _("Guidance shipped with this version")
        return render(request, "exchange/waits.html", {"errand": kept, "told_title": heading, "name": name})
    if kept.step != kept.Step.SHOWN:
        return render(
            request, "exchange/shipped_done.html", {"look": kept, "name": name, "items": _items(kept, request.user)}
        )
    offers = kept.seen["offers"]
    chosen = request.GET.get("show", "")
    page = Paginator([each for each in offers if _fits(each, chosen)], _ON_A_PAGE).get_page(request.GET.get("p"))
    clean = sum(_clean(each) for each in offers)
    context = {
        "look": kept, "name": name, "mine": mine, "page": page, "show": chosen, "all": len(offers), "clean": clean, "counts": _counts(offers),
        "rows": [_shown(each, kept.administration.key) for each in page],
    }  # fmt: skip
    return render(request, "exchange/shipped_look.html", context)


def _act(request: HttpRequest, kept: ShippedLook) -> HttpResponse:
    if request.POST.get("give_up") and kept.step in (kept.Step.LOOK, kept.Step.SHOWN):
        kept.move(kept.Step.GIVEN_UP, seen={})
        return redirect("exchange:shipped")
    if kept.step != kept.Step.SHOWN:
        return redirect("exchange:shipped_look", kept.pk)
    offers = kept.seen["offers"]
    if request.POST.get("all"):
        take, keep = [each for each in offers if _clean(each)], []
    else:
        take, keep = (
            [each for each in offers if _value(each) in request.POST.getlist(action) and not each["blocked"]]
            for action in ("take", "keep")
        )
    if any(each in take for each in keep):
        messages.error(request, _("Choose one for each: take it over, or keep yours."))
    elif not take and not keep:
        messages.error(request, _("Tick what you want to take over."))
    else:
        wish = {
            action: [[each["kind"], each["key"], each["mark"]] for each in each_of]
            for action, each_of in (("take", take), ("keep", keep))
        }
        kept.move(kept.Step.TAKE, wish=wish)
    return redirect("exchange:shipped_look", kept.pk)


@require_GET
@require_admin_access
def look_mark(request: HttpRequest, pk: int) -> JsonResponse:
    """Which step a comparison has reached, for the page that waits for it."""
    must_have(request.user, "guidance.view_entry")
    return JsonResponse({"mark": get_object_or_404(ShippedLook, pk=pk).mark})


def _value(offer: dict[str, Any]) -> str:
    return f"{offer['kind']} {offer['key']} {offer['mark']}"


def _clean(offer: dict[str, Any]) -> bool:
    """Can it be taken over without a look at what staff did? What would be taken off is always looked at."""
    return not offer["conflict"] and not offer["blocked"] and offer["how"] != "removed"


def _fits(offer: dict[str, Any], chosen: str) -> bool:
    return not chosen or offer["how"] == chosen or (chosen == "conflict" and bool(offer["conflict"]))


def _hows() -> dict[str, str]:
    return {"added": _("new"), "changed": _("changed"), "removed": _("no longer shipped")}


def _counts(offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many there are of each sort, as links that narrow the list."""
    names = {**_hows(), "conflict": _("changed here too")}
    counts = [
        {"show": show, "name": name, "number": sum(_fits(each, show) for each in offers)}
        for show, name in names.items()
    ]
    return [each for each in counts if each["number"]]


def _shown(offer: dict[str, Any], administration: str) -> dict[str, Any]:
    rows = [{"key": told_key(key), "words": word_diff(before, after)} for key, before, after in offer["rows"]]
    kind = KINDS[offer["kind"]]._meta.verbose_name
    return {**offer, "value": _value(offer), "kind_name": kind, "how_name": _hows()[offer["how"]], "lines": rows}


def _items(kept: ShippedLook, user: Any) -> list[dict[str, Any]]:
    """What was drafted, as far as it is still there, each with the address of its editor."""
    finder = AdminURLFinder(user)
    found = []
    for name, pk in kept.result.get("drafted", []):
        if item := KINDS[name]._default_manager.filter(pk=pk).first():
            found.append({"item": item.latest(), "url": finder.get_edit_url(item)})
    return found


def _work_on(user: Any, administration: Administration) -> None:
    if not may_work_on(user, administration.key):
        raise PermissionDenied(_("You do not work on this administration."))
