"""Documents: bring one in, read its passages, make drafts of some."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.exchange.documents import draft_from, keep, typed
from knowledge_base.console.exchange.forms import DocumentForm
from knowledge_base.console.exchange.models import DocumentUpload
from knowledge_base.console.guidance.telling import told
from knowledge_base.console.guidance.topics import topics
from knowledge_base.exchange.documents.confined import split_confined
from knowledge_base.exchange.documents.splitting import MOST_BYTES
from knowledge_base.exchange.errors import DocumentRefused

_ON_A_PAGE = 25


@require_http_methods(["GET", "POST"])
@require_admin_access
def documents(request: HttpRequest) -> HttpResponse:
    """The documents that were brought in, and the form for another."""
    if not request.user.has_perm("guidance.view_entry"):
        raise PermissionDenied(_("Your role does not include this."))
    may_bring = request.user.has_perm("exchange.bring_documents")
    form = DocumentForm(request.user, request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_bring:
            raise PermissionDenied(_("Your role does not include this."))
        if form.is_valid() and (upload := _split(form, request.user)) is not None:
            return redirect("exchange:document", upload.pk)
    page = Paginator(DocumentUpload.objects.select_related("administration", "user"), _ON_A_PAGE).get_page(
        request.GET.get("p")
    )
    return render(request, "exchange/documents.html", {"form": form if may_bring else None, "page": page})


def _split(form: DocumentForm, user: Any) -> DocumentUpload | None:
    """The document's passages, kept; None with the reason at the form."""
    file, data = form.cleaned_data["file"], form.cleaned_data
    if file.size > MOST_BYTES:
        form.add_error(
            "file", _("The file is larger than %(size)s MB; split it.") % {"size": MOST_BYTES // 1024 // 1024}
        )
        return None
    content = file.read()
    try:
        document = split_confined(content, file.name)
    except DocumentRefused as error:
        form.add_error("file", told(error))
        return None
    return keep(document, content, file.name, data["administration"], data["source"], user)


@require_http_methods(["GET", "POST"])
@require_admin_access
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The passages of a document; those that are ticked become drafts."""
    if not request.user.has_perm("guidance.view_entry"):
        raise PermissionDenied(_("Your role does not include this."))
    upload = get_object_or_404(DocumentUpload.objects.select_related("administration", "source"), pk=pk)
    may_draft = request.user.has_perm("exchange.bring_documents") and may_work_on(
        request.user, upload.administration.key
    )
    page = Paginator(upload.passages.select_related("entry"), _ON_A_PAGE).get_page(request.GET.get("p"))
    if request.method == "POST":
        if not may_draft:
            raise PermissionDenied(_("Your role does not include this."))
        return _draft(request, upload, page)
    finder = AdminURLFinder(request.user)
    rows = [
        {
            "passage": passage,
            "typed": typed(passage),
            "url": finder.get_edit_url(passage.entry) if passage.entry else None,
        }
        for passage in page
    ]
    return render(
        request,
        "exchange/document.html",
        {"upload": upload, "page": page, "rows": rows, "topics": topics(), "may_draft": may_draft},
    )


def _draft(request: HttpRequest, upload: DocumentUpload, page: Any) -> HttpResponse:
    known = {topic for topic, _name in topics()}
    drafted = 0
    for passage in page:
        topic = request.POST.get(f"topic_{passage.number}", "")
        title = " ".join(request.POST.get(f"title_{passage.number}", "").split())
        if not request.POST.get(f"take_{passage.number}") or passage.entry_id:
            continue
        if topic not in known or not title:
            messages.error(request, _("Passage %(number)s needs a title and a topic.") % {"number": passage.number})
            continue
        draft_from(passage, title, topic, request.user)
        drafted += 1
    if drafted:
        messages.success(request, _("%(count)s drafts were laid down.") % {"count": drafted})
    return redirect(f"{request.path}?p={page.number}")
