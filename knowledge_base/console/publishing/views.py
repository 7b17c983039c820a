"""What became of a change, and the releases: pages that everybody on the staff may see; going back is for publishers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from customs.bootstrap_knowledge import making
from knowledge_base.console.accounts.rights import may_work_on
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Administration
from knowledge_base.console.guidance.telling import told
from knowledge_base.console.publishing.forms import CommentForm
from knowledge_base.console.publishing.models import Hold, Publication
from knowledge_base.console.publishing.outbox import ask_again, current_hold, waiting
from knowledge_base.console.publishing.places import releases_folder
from knowledge_base.errors import KnowledgeError
from knowledge_base.index.manifest import CONSOLE, CURRENT
from knowledge_base.publishing.changed import changes
from knowledge_base.publishing.rolling_back import kept_releases, origin_of, roll_back, served_before

View = Callable[..., HttpResponse]
SEE, ROLL_BACK = "publishing.view_publication", "publishing.roll_back"
_SHOWN = 20
_MOST_CHANGES = 40


def needs(permission: str) -> Callable[[View], View]:
    """Sign in first; who is signed in without the permission is refused. The page is in the user's language, its times are UTC."""

    def wrap(view: View) -> View:
        @wraps(view)
        def in_utc(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            with timezone.override(UTC):
                return view(request, *args, **kwargs)

        return require_admin_access(permission_required(permission, raise_exception=True)(in_utc))

    return wrap


def works_on_all(user: Any) -> bool:
    """May `user` do what concerns every administration at once?"""
    return all(may_work_on(user, key) for key in Administration.objects.values_list("key", flat=True))


def _may_roll_back(user: Any) -> bool:
    return user.has_perm(ROLL_BACK) and works_on_all(user)


@require_GET
@needs(SEE)
def state(request: HttpRequest) -> HttpResponse:
    """What waits, what is being built, what was served and what was not, and why."""
    current = releases_folder() / CURRENT
    return render(
        request,
        "publishing/state.html",
        {
            "waiting": list(waiting()[:_SHOWN]),
            "waiting_count": waiting().count(),
            "publications": list(Publication.objects.prefetch_related("rows")[:_SHOWN]),
            "hold": current_hold(),
            "served": current.resolve().name if current.exists() else "",
            "from_console": origin_of(current) == CONSOLE,
            "making": making(releases_folder().parent),
            "may_roll_back": _may_roll_back(request.user),
            "mark": _mark(),
        },
    )


@require_GET
@needs(SEE)
def state_mark(request: HttpRequest) -> JsonResponse:
    """A word that changes when the state page would."""
    return JsonResponse({"mark": _mark()})


def _mark() -> str:
    newest = Publication.objects.values_list("pk", "state", "step").first()
    hold = current_hold()
    told = [newest, waiting().count(), hold.pk if hold else None, (releases_folder() / CURRENT).resolve().name]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


@require_POST
@needs(ROLL_BACK)
def again(request: HttpRequest) -> HttpResponse:
    """Build everything that is published once more."""
    with transaction.atomic():
        record(request.user, "publishing.again")
        ask_again(request.user.get_username())
    messages.success(request, _("It is built again."))
    return redirect("publishing:state")


@require_GET
@needs(SEE)
def releases(request: HttpRequest) -> HttpResponse:
    """The releases that are kept, what each changed, and the way back."""
    folder = releases_folder()
    kept = [
        {"release": each, "changes": found[:_MOST_CHANGES], "more": max(0, len(found) - _MOST_CHANGES)}
        for each in kept_releases(folder)
        for found in [[str(change) for change in _changes(each.id)]]
    ]
    context = {"kept": kept, "may_roll_back": _may_roll_back(request.user), "hold": current_hold()}
    return render(request, "publishing/releases.html", context)


def _changes(release: str) -> tuple[Any, ...]:
    before = served_before(releases_folder(), release)
    return changes(before, releases_folder() / release) if before else ()


@require_POST
@needs(ROLL_BACK)
def back(request: HttpRequest, release: str) -> HttpResponse:
    """Serve an earlier release at once, and hold further publications until somebody lets them go on."""
    if not works_on_all(request.user):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you go back."))
        return redirect("publishing:releases")
    comment, name = form.cleaned_data["comment"], request.user.get_username()
    try:
        with transaction.atomic():
            record(request.user, "publishing.roll_back", comment=comment, release=release)
            Hold.objects.filter(ended_at=None).update(ended_at=timezone.now())
            Hold.objects.create(by=name, comment=comment, release=release)
            roll_back(releases_folder(), release, name, comment)
    except KnowledgeError as error:
        messages.error(request, told(error))
    else:
        messages.success(request, _("Release %(release)s is served again.") % {"release": release})
    return redirect("publishing:state")


@require_POST
@needs(ROLL_BACK)
def go_on(request: HttpRequest) -> HttpResponse:
    """Let publications go on after a hold: all that is published by now is built and served."""
    if not works_on_all(request.user):
        raise PermissionDenied
    form = CommentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say what was corrected."))
        return redirect("publishing:state")
    with transaction.atomic():
        record(request.user, "publishing.go_on", comment=form.cleaned_data["comment"])
        Hold.objects.filter(ended_at=None).update(ended_at=timezone.now())
        ask_again(request.user.get_username())
    messages.success(request, _("Publishing goes on."))
    return redirect("publishing:state")
