"""From a group of questions to a draft: a new answer, or more wordings of one that is there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.unanswered import drafts, handling
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.console.unanswered.forms import NewEntryForm
from knowledge_base.console.unanswered.pages import staff_page


def _group_and_wordings(key: str) -> tuple[Any, list[tuple[str, str]]]:
    with asked_store() as store:
        group = handling.find(store, key)
        turns = list(store.select("waiting IS NOT NULL AND group_id = ?", (key,)))
    return group, drafts.wordings(turns)


def _chosen(request: HttpRequest, wordings: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The wordings that were ticked, by their number in the list."""
    ticked = {int(number) for number in request.POST.getlist("wording") if number.isdigit()}
    return [wording for number, wording in enumerate(wordings) if number in ticked]


@require_http_methods(["GET", "POST"])
@staff_page(handling.HANDLE)
def new_entry(request: HttpRequest, key: str) -> HttpResponse:
    """A draft of a new answer with the group's question as its title and its wordings; its editor opens next."""
    group, wordings = _group_and_wordings(key)
    about = next((name for name, _people in group.administrations.most_common() if name != "none"), None)
    form = NewEntryForm(request.POST or None, initial={"title": group.title[:500]})
    for one in form.fields["administration"].queryset if about else ():
        if one.key == about:
            form.initial["administration"] = one.pk
    if request.method == "POST" and form.is_valid():
        try:
            entry = drafts.new_entry(group, chosen=_chosen(request, wordings), user=request.user, **form.cleaned_data)
        except (drafts.DraftError, PermissionDenied) as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("The draft was made. Write its answer, then ask for approval."))
            return redirect(editor_of(entry))
    return render(request, "unanswered/new_entry.html", {"form": form, "group": group, "wordings": wordings})


@require_http_methods(["GET", "POST"])
@staff_page(handling.HANDLE)
def add_wordings(request: HttpRequest, key: str) -> HttpResponse:
    """Find the answer that fits, tick the wordings, and ask for approval of the draft that has them."""
    group, wordings = _group_and_wordings(key)
    wanted = (request.POST or request.GET).get("search", group.title)
    if request.method == "POST":
        entry = Entry.objects.filter(key=request.POST.get("entry", "")).first()
        chosen = _chosen(request, wordings)
        if entry is None or not chosen:
            messages.error(request, _("Choose an answer, and tick at least one wording."))
        else:
            try:
                added = drafts.add_wordings(group, entry, chosen, request.user, submit=True)
            except (drafts.DraftError, PermissionDenied) as refused:
                messages.error(request, str(refused))
            else:
                done = _("Wordings added: {number}. A second person approves them.").format(number=added)
                messages.success(request, done)
                return redirect("unanswered:group", key)
    context = {
        "group": group, "wordings": wordings, "search": wanted,
        "entries": drafts.find_entries(wanted, list(group.administrations)),
    }  # fmt: skip
    return render(request, "unanswered/add_wordings.html", context)


def editor_of(entry: Entry) -> str:
    """The address of the answer's editor."""
    return reverse(entry.snippet_viewset.get_url_name("edit"), args=[entry.pk])
