"""The page on which a publisher acts without a second person."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.guidance.models import Guidance
from knowledge_base.console.workflow.alone import may_publish_alone, publish_alone, take_off_alone, unschedule_alone


class ReasonForm(forms.Form):
    """Why it cannot wait."""

    comment = forms.CharField(
        label=gettext_lazy("Why can this not wait for a second person?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("It stays on record with your name."),
    )


@require_admin_access
@require_http_methods(["GET", "POST"])
def alone(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Publish the newest draft, take off what is served, or call off what is scheduled, at once and with a reason."""
    item = get_object_or_404(_model(kind), pk=pk)
    if not may_publish_alone(request.user, item):
        raise PermissionDenied(_("Only publishers of this administration do this without a second person."))
    form = ReasonForm(request.POST or None)
    acts = {
        "publish": (publish_alone, _("“%(item)s” is published.")),
        "take-off": (take_off_alone, _("“%(item)s” is taken off.")),
        "unschedule": (unschedule_alone, _("“%(item)s” is no longer scheduled.")),
    }
    act, text = acts.get(request.POST.get("act", ""), (None, ""))
    if request.method == "POST" and form.is_valid() and act:
        act(item, request.user, form.cleaned_data["comment"])
        messages.success(request, text % {"item": item})
        return redirect(reverse(item.snippet_viewset.get_url_name("list")))
    return render(request, "workflow/alone.html", {"item": item, "scheduled": item.scheduled_revision, "form": form})


def _model(kind: str) -> type[Any]:
    models = {model._meta.model_name: model for model in Guidance.__subclasses__()}
    if kind not in models:
        raise Http404(f"There is no guidance of the kind {kind!r}; there: {', '.join(sorted(models))}.")
    return apps.get_model("guidance", kind)
