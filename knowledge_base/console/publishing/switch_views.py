"""Switches and urgent notices: everybody on the staff sees them, publishers set them, each with a reason on record."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.telling import told
from knowledge_base.console.publishing.forms import NoticeForm, SwitchOffForm
from knowledge_base.console.publishing.places import switches_file
from knowledge_base.console.publishing.targets import target_name
from knowledge_base.console.publishing.views import SEE, needs, works_on_all
from knowledge_base.errors import KnowledgeError
from knowledge_base.switches import SwitchError, Switches, put_up, read_switches, switch_off, switch_on, take_down

log = logging.getLogger(__name__)
SWITCH = "publishing.switch"


def _now() -> tuple[Switches, str]:
    """The switches, and what is wrong with their file."""
    try:
        return read_switches(switches_file()), ""
    except SwitchError as error:
        return Switches(), told(error)


def may_switch(user: Any, target: str) -> bool:
    """May `user` switch `target`? A channel concerns every administration."""
    kind, _colon, name = target.partition(":")
    return user.has_perm(SWITCH) and (works_on_all(user) if kind == "channel" else may_work_on(user, name[:2]))


@require_http_methods(["GET", "POST"])
@needs(SEE)
def switches(request: HttpRequest) -> HttpResponse:
    """What is off, and the form that switches something off."""
    may = request.user.has_perm(SWITCH)
    if request.method == "POST" and not may:
        raise PermissionDenied
    initial = {"answer": request.GET.get("answer", "")}
    form = SwitchOffForm(
        request.POST or None, user=request.user, everywhere=works_on_all(request.user), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        target, comment = form.cleaned_data["target"], form.cleaned_data["comment"]

        def act() -> None:
            record(request.user, "publishing.switch_off", comment=comment, target=target)
            switch_off(switches_file(), target, comment, request.user.get_username())

        if _done(request, act, _("%(target)s is switched off.") % {"target": target_name(target)}):
            return redirect("publishing:switches")
    now, problem = _now()
    rows = [
        {"off": each, "name": target_name(each.target), "may": may_switch(request.user, each.target)}
        for each in now.off
    ]
    return render(request, "publishing/switches.html", {"rows": rows, "form": form, "may": may, "problem": problem})


@require_POST
@needs(SWITCH)
def on(request: HttpRequest) -> HttpResponse:
    """Switch on again."""
    target = request.POST.get("target", "")
    if not may_switch(request.user, target):
        raise PermissionDenied

    def act() -> None:
        record(request.user, "publishing.switch_on", comment=request.POST.get("comment", "")[:1000], target=target)
        switch_on(switches_file(), target)

    _done(request, act, _("%(target)s is switched on again.") % {"target": target_name(target)})
    return redirect("publishing:switches")


@require_http_methods(["GET", "POST"])
@needs(SEE)
def notices(request: HttpRequest) -> HttpResponse:
    """The urgent notices, and the form that puts one up."""
    may = request.user.has_perm(SWITCH)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = NoticeForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> None:
            record(
                request.user,
                "publishing.notice_up",
                comment=data["comment"],
                targets=data["targets"],
                text=form.texts(),
            )
            name = request.user.get_username()
            put_up(switches_file(), data["targets"], form.texts(), name, data["comment"], data["start"], data["until"])

        if _done(request, act, _("The notice is up.")):
            return redirect("publishing:notices")
    now, problem = _now()
    rows = [
        {
            "notice": each,
            "names": [target_name(target) for target in each.targets],
            "may": all(may_switch(request.user, target) for target in each.targets),
        }
        for each in now.notices
    ]
    return render(request, "publishing/notices.html", {"rows": rows, "form": form, "may": may, "problem": problem})


@require_POST
@needs(SWITCH)
def down(request: HttpRequest, notice: str) -> HttpResponse:
    """Take a notice away."""
    known = next((each for each in _now()[0].notices if each.id == notice), None)
    if known and not all(may_switch(request.user, target) for target in known.targets):
        raise PermissionDenied

    def act() -> None:
        record(request.user, "publishing.notice_down", comment=request.POST.get("comment", "")[:1000], notice=notice)
        take_down(switches_file(), notice)

    _done(request, act, _("The notice is taken away."))
    return redirect("publishing:notices")


def _done(request: HttpRequest, act: Callable[[], None], said: str) -> bool:
    """Do `act`, the audit row and the switch together or neither, and say so."""
    try:
        with transaction.atomic():
            act()
    except KnowledgeError as error:
        messages.error(request, told(error))
        return False
    except OSError as error:
        log.error("The switches could not be written: %s", error)
        messages.error(
            request,
            _(
                "It could not be written down, so nothing was changed. The person who runs the console finds the reason in its log."
            ),
        )
        return False
    messages.success(request, said)
    return True
