"""The queue of unanswered questions: the list, one group, the conversation around a question."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone as clock
from django.views.decorators.http import require_GET

from knowledge_base.asked.groups import counted, describe, people_who_wait
from knowledge_base.asked.reports import median_hours
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.unanswered import handling
from knowledge_base.console.unanswered.asked import asked_store, has_release
from knowledge_base.console.unanswered.forms import AssignForm, DismissForm, QueueFilter
from knowledge_base.console.unanswered.models import OPEN
from knowledge_base.console.unanswered.pages import READ, Row, row, said, staff_page

PER_PAGE = 25
TURNAROUND_DAYS = 30
MOST_SHOWN = 100


@require_GET
@staff_page(READ)
def queue(request: HttpRequest) -> HttpResponse:
    """The groups, most people first; those that wait unless the filter says otherwise."""
    form = QueueFilter(request.GET or None)
    choice = form.choice() if form.is_bound else QueueFilter({}).choice()
    wanted = form.cleaned_data.get("state", "") if form.is_bound else ""
    with asked_store() as store:
        alone = store.waiting_without_group()
        found = counted(store, choice, clock.now().timestamp())
        known = handling.rows_of(group.id for group in found)
        rows = [row(group, known) for group in found]
        waiting = [one for one in rows if one.state == OPEN]
        shown = [one for one in rows if _fits(one, wanted, request.user)]
        page = Paginator(shown, PER_PAGE).get_page(request.GET.get("p"))
        describe(store, choice, [one.group for one in page])
        settled = [one.group.id for one in rows if one.state != OPEN and one.group.id]
        people = people_who_wait(store, choice, settled)
    query = request.GET.copy()
    query.pop("p", None)
    context = {
        "form": form if form.is_bound else QueueFilter(),
        "page": page,
        "query": query.urlencode(),
        "alone": alone,
        "has_release": has_release(),
        "people": people,
        "groups": len(waiting),
        "oldest": min(waiting, key=lambda one: one.group.first_at, default=None),
        "turnaround": median_hours(handling.turnarounds(clock.now() - timedelta(days=TURNAROUND_DAYS))),
        "may_handle": request.user.has_perm(handling.HANDLE),
    }
    return render(request, "unanswered/queue.html", context)


def _fits(one: Row, wanted: str, user: Any) -> bool:
    if wanted == "mine":
        return one.state == OPEN and one.row is not None and one.row.assigned_to_id == user.pk
    return one.state == (wanted or OPEN)


@require_GET
@staff_page(READ)
def group(request: HttpRequest, key: str) -> HttpResponse:
    """One group: its questions, and what can be done about it."""
    with asked_store() as store:
        found = handling.find(store, key)
        turns = list(store.select("waiting IS NOT NULL AND group_id = ?", (key,), "at DESC, id DESC", MOST_SHOWN))
    one = row(found, handling.rows_of([key]))
    context = {
        "one": one,
        "said": said(turns),
        "assign": AssignForm(initial={"to": one.row.assigned_to_id if one.row else None}),
        "dismiss": DismissForm(),
        "may_handle": _may_handle(request.user, one),
    }
    return render(request, "unanswered/group.html", context)


def _may_handle(user: Any, one: Row) -> bool:
    try:
        handling.refuse_unless_allowed(user, one.group)
    except PermissionDenied:
        return False
    return True


@require_GET
@staff_page(READ)
def conversation(request: HttpRequest, turn: str) -> HttpResponse:
    """A question with six turns before and three after; that it was read is kept in the audit log."""
    with asked_store() as store:
        around = store.around(turn)
    if not around:
        raise Http404("This conversation was deleted.")
    (asked,) = [one for one in around if one.id == turn]
    record(request.user, "conversation.read", comment="", turn=turn, turns=len(around))
    context = {"around": said(around), "turn": turn, "group": asked.group_id if asked.waiting else None}
    return render(request, "unanswered/conversation.html", context)
