"""Tables: take them away, bring them in with a dry run, apply them as drafts."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.exchange.forms import ExportForm, TableForm
from knowledge_base.console.exchange.models import TableUpload
from knowledge_base.console.exchange.shown import MOST_CHANGES, shown_changes
from knowledge_base.console.exchange.table_imports import apply, digest, plan_of
from knowledge_base.console.exchange.working_pack import working_pack
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Entry, Figure, Source
from knowledge_base.console.guidance.telling import told
from knowledge_base.exchange.errors import ExchangeError
from knowledge_base.exchange.tables.files import MOST_BYTES, write_tables
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
        "waiting": TableUpload.objects.filter(user=request.user, data__isnull=False).select_related("administration")[:20],
    }  # fmt: skip
    return render(request, "exchange/tables.html", context)


def _kept(form: TableForm, user: Any) -> TableUpload | None:
    """The upload, kept until it is applied; None with an error at the form when it is too large."""
    TableUpload.objects.filter(data__isnull=False, when__lt=timezone.now() - timedelta(days=_KEPT_DAYS)).update(
        data=None
    )
    file, data = form.cleaned_data["file"], form.cleaned_data
    if file.size > MOST_BYTES:
        form.add_error(
            "file", _("The file is larger than %(size)s MB; split the table.") % {"size": MOST_BYTES // 1024 // 1024}
        )
        return None
    content = file.read()
    upload = TableUpload(
        administration=data["administration"], name=file.name[:255], sha256=hashlib.sha256(content).hexdigest(), user=user, data=content,
        encoding=data["encoding"], language=data["language"],
    )  # fmt: skip
    try:
        plan_of(upload, user, date.today())
    except ExchangeError as error:
        form.add_error("file", told(error))
        return None
    upload.save()
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
    if upload.applied_at or upload.data is None:
        return render(request, "exchange/table_applied.html", {"upload": upload, "items": _items(upload, request.user)})
    if request.POST.get("give_up"):
        upload.data = None
        upload.save(update_fields=["data"])
        return redirect("exchange:tables")
    plan = plan_of(upload, request.user, date.today())
    mark = digest(plan)
    if request.method == "POST":
        if request.POST.get("digest") != mark:
            messages.error(request, _("Somebody changed the guidance meanwhile: look at the changes again."))
        elif plan.faults and not request.POST.get("leave_out"):
            messages.error(request, _("Some rows are wrong: mend them, or tick that they are left out."))
        elif plan.changes:
            drafted = apply(upload, plan, request.user, and_submit=bool(request.POST.get("and_submit")))
            messages.success(request, _("%(count)s drafts were laid down.") % {"count": len(drafted)})
            return redirect("exchange:table", upload.pk)
    kinds = {kind: sum(change.kind == kind for change in plan.changes) for kind in ("added", "changed", "removed")}
    context = {
        "upload": upload, "plan": plan, "digest": mark, "kinds": kinds, "groups": shown_changes(plan.changes),
        "more": max(0, len(plan.changes) - MOST_CHANGES), "items": len(plan.entries) + len(plan.figures) + len(plan.sources),
    }  # fmt: skip
    return render(request, "exchange/table.html", context)


def _items(upload: TableUpload, user: Any) -> list[dict[str, Any]]:
    """What was drafted, as far as it is still there, each with the address of its editor."""
    kinds = {kind._meta.model_name: kind for kind in (Entry, Figure, Source)}
    by_kind: dict[str, list[int]] = {}
    for name, pk in upload.result.get("drafted", []):
        by_kind.setdefault(name, []).append(pk)
    finder = AdminURLFinder(user)
    items = [item for name, pks in by_kind.items() for item in kinds[name]._default_manager.filter(pk__in=pks)]
    return [{"item": item, "url": finder.get_edit_url(item)} for item in items]
