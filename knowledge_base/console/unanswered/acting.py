"""The queue's buttons: assign, dismiss, reopen, merge, take out. Each is a POST that ends on the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from knowledge_base.console.unanswered import handling
from knowledge_base.console.unanswered.asked import asked_store
from knowledge_base.console.unanswered.drafts import DraftError
from knowledge_base.console.unanswered.forms import AssignForm, DismissForm
from knowledge_base.console.unanswered.handling import NoSuchGroup
from knowledge_base.console.unanswered.pages import READ, staff_page


def act(view: Callable[..., str]) -> Callable[..., HttpResponse]:
    """A POST on one group; what is refused is told in words on the page."""

    @require_POST
    @staff_page(READ)
    @wraps(view)
    def page(request: HttpRequest, key: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with asked_store() as store:
                next_key = view(request, store, handling.find(store, key), *args, **kwargs)
        except (PermissionDenied, DraftError, ValueError) as refused:
            messages.error(request, str(refused) or _("You may not do this."))
            next_key = key
        return redirect("unanswered:group", next_key) if next_key else redirect("unanswered:queue")

    return page


@act
def assign(request: HttpRequest, store: Any, group: Any) -> str:
    """Give the group to somebody who writes answers, or to nobody."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        raise ValueError(_("Choose somebody who writes answers."))
    handling.assign(group, form.cleaned_data["to"], request.user)
    to = form.cleaned_data["to"]
    messages.success(request, _("Assigned to {name}.").format(name=to) if to else _("Assigned to nobody."))
    return group.id


@act
def dismiss(request: HttpRequest, store: Any, group: Any) -> str:
    """Take the group out of the queue, with a reason."""
    form = DismissForm(request.POST)
    if not form.is_valid():
        raise ValueError(_("Choose why these questions are dismissed."))
    handling.dismiss(group, form.cleaned_data["reason"], form.cleaned_data["comment"], request.user)
    messages.success(request, _("The questions were dismissed."))
    return ""


@act
def reopen(request: HttpRequest, store: Any, group: Any) -> str:
    """Put the group back into the queue."""
    handling.reopen(group, request.user)
    messages.success(request, _("The questions wait again."))
    return group.id


@act
def take_out(request: HttpRequest, store: Any, group: Any) -> str:
    """Put one question into a group of its own."""
    turn = request.POST.get("turn", "")
    found = store.turn(turn)
    if found is None or found.group_id != group.id:
        raise ValueError(_("This question is not in this group any more."))
    key = handling.take_out(store, group, turn, request.user)
    messages.success(request, _("The question stands alone now."))
    return key or group.id


@require_POST
@staff_page(READ)
def merge(request: HttpRequest) -> HttpResponse:
    """Make one group of those that were ticked; the one with most people keeps its title and its state."""
    keys = list(dict.fromkeys(request.POST.getlist("group")))[:50]
    if len(keys) < 2:
        messages.error(request, _("Tick two or more groups that mean the same."))
        return redirect("unanswered:queue")
    try:
        with asked_store() as store:
            found = sorted((handling.find(store, key) for key in keys), key=lambda group: -group.people)
            moved = handling.merge(store, found[0], found[1:], request.user)
    except NoSuchGroup:
        messages.error(request, _("One of these groups is gone. Please tick them again."))
        return redirect("unanswered:queue")
    except PermissionDenied as refused:
        messages.error(request, str(refused))
        return redirect("unanswered:queue")
    messages.success(request, _("Questions moved: {number}.").format(number=moved))
    return redirect("unanswered:group", found[0].id)
