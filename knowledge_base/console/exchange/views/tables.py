"""Tables: take them away, bring them in with a dry run, apply them as drafts."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
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
from knowledge_base.console.exchange.forms import ExportForm, TableForm
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.exchange.shown import shown_changes, shown_faults
from knowledge_base.console.exchange.working_pack import working_pack
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Entry, Figure, Source
from knowledge_base.console.guidance.telling import told
from knowledge_base.exchange.errors import ExchangeError
from knowledge_base.exchange.tables.files import MOST_BYTES, MOST_ROWS, write_tables
from knowledge_base.exchange.tables.layout import sheets_of

_KEPT_DAYS = 7
_OTHER_IDS = "export_%s"  # two forms on one page have fields of one name
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}


@require_http_methods(["GET", "POST"])
@require_admin_access
def tables(request: HttpRequest) -> HttpResponse:
    """Both forms: taking away and bringing in."""
    may_bring = request.user.has_perm("exchange.bring_tables")
    form = TableForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_bring:
            raise PermissionDenied(_("Your role does not include this."))
        if form.is_valid() and (upload := _kept(form, request.user)) is not None:
            return redirect("exchange:table", upload.pk)
    context = {
        "export_form": ExportForm(request.user, auto_id=_OTHER_IDS), "form": form if may_bring else None,
        "waiting": TableUpload.objects.filter(user=request.user, data__isnull=False).select_related("administration").defer("data", "seen")[:20],
        "most_rows": MOST_ROWS, "most_megabytes": MOST_BYTES // 1024 // 1024,
    }  # fmt: skip
    return render(request, "exchange/tables.html", context)


def _kept(form: TableForm, user: Any) -> TableUpload | None:
    """The upload, kept until it is applied; None with an error at the form when it is too large."""
    old = TableUpload.objects.filter(data__isnull=False, when__lt=timezone.now() - timedelta(days=_KEPT_DAYS))
    old.update(data=None, step=TableUpload.Step.GIVEN_UP, seen={})
    file, data = form.cleaned_data["file"], form.cleaned_data
    if file.size > MOST_BYTES:
        form.add_error(
            "file", _("The file is larger than %(size)s MB; split the table.") % {"size": MOST_BYTES // 1024 // 1024}
        )
        return None
    content = file.read()
    upload = TableUpload.objects.create(
        administration=data["administration"], name=file.name[:255], sha256=hashlib.sha256(content).hexdigest(), user=user, data=content,
        encoding=data["encoding"], language=data["language"], tongue=get_language() or "en",
    )  # fmt: skip
    record(user, "table.bring", upload, sha256=upload.sha256, administration=upload.administration.key)
    return upload


@require_GET
@require_admin_access
def export(request: HttpRequest) -> HttpResponse:
    """The chosen sheets as a file."""
    if not request.user.has_perm("guidance.view_entry"):
        raise PermissionDenied(_("Your role does not include this."))
    form = ExportForm(request.user, request.GET, auto_id=_OTHER_IDS)
    if not form.is_valid():
        return render(request, "exchange/tables.html", {"export_form": form, "form": None}, status=400)
    chosen = form.cleaned_data
    pack, incomplete = working_pack(chosen["administration"], drafts=chosen["drafts"])
    try:
        data, ending = write_tables(sheets_of(pack, chosen["sheets"]), chosen["form"])
    except ExchangeError as error:
        form.add_error("form", told(error))
        return render(request, "exchange/tables.html", {"export_form": form, "form": None}, status=400)
    record(request.user, "table.take", chosen["administration"], sheets=chosen["sheets"], left_out=incomplete[:100])
    name = f"{chosen['administration'].key}-{date.today():%Y%m%d}.{ending}"
    return HttpResponse(
        data, content_type=_TYPES[ending], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_http_methods(["GET", "POST"])
@require_admin_access
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run of one table; its button lays down the drafts."""
    if not request.user.has_perm("exchange.bring_tables"):
        raise PermissionDenied(_("Your role does not include this."))
    upload = get_object_or_404(TableUpload.objects.select_related("administration"), pk=pk, user=request.user)
    if not may_work_on(request.user, upload.administration.key):
        raise PermissionDenied(_("You do not work on this administration."))
    if request.POST.get("give_up") and upload.step in (upload.Step.LOOK, upload.Step.SHOWN):
        upload.move(upload.Step.GIVEN_UP, data=None, seen={})
        return redirect("exchange:tables")
    if upload.waits:
        return render(
            request, "exchange/waits.html", {"errand": upload, "told_title": _("Changes of a table"), "name": upload.name}
        )
    if upload.step != upload.Step.SHOWN:
        return render(request, "exchange/table_applied.html", {"upload": upload, "items": _items(upload, request.user)})
    seen = upload.seen
    if request.method == "POST":
        if request.POST.get("digest") != seen["digest"]:
            messages.error(request, _("Somebody changed the guidance meanwhile: look at the changes again."))
        elif seen["wrong"] and not request.POST.get("leave_out"):
            messages.error(request, _("Some rows are wrong: mend them, or tick that they are left out."))
        elif seen["items"]:
            wish = {"digest": seen["digest"], "and_submit": bool(request.POST.get("and_submit"))}
            upload.move(upload.Step.TAKE, wish=wish)
            return redirect("exchange:table", upload.pk)
    context = {
        "upload": upload, "seen": seen, "groups": shown_changes(seen["changes"]), "faults": shown_faults(seen["faults"]),
    }  # fmt: skip
    return render(request, "exchange/table.html", context)


@require_GET
@require_admin_access
def table_mark(request: HttpRequest, pk: int) -> JsonResponse:
    """Which step a table has reached, for the page that waits for it."""
    return JsonResponse({"mark": get_object_or_404(TableUpload, pk=pk, user=request.user).mark})


def _items(upload: TableUpload, user: Any) -> list[dict[str, Any]]:
    """What was drafted, as far as it is still there, each with the address of its editor."""
    kinds = {kind._meta.model_name: kind for kind in (Entry, Figure, Source)}
    by_kind: dict[str, list[int]] = {}
    for name, pk in upload.result.get("drafted", []):
        by_kind.setdefault(name, []).append(pk)
    finder = AdminURLFinder(user)
    items = [item for name, pks in by_kind.items() for item in kinds[name]._default_manager.filter(pk__in=pks)]
    return [{"item": item, "url": finder.get_edit_url(item)} for item in items]
