"""How staff narrow the lists: by administration, topic, language, state, review due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.forms import CheckboxSelectMultiple
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import WorkflowState

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Source
from knowledge_base.console.guidance.topics import language_name, topics

STATES = [
    ("live", _("published")),
    ("draft", _("has a draft")),
    ("review", _("waits for approval")),
    ("returned", _("was returned")),
    ("scheduled", _("scheduled")),
    ("off", _("not published")),
]


def in_state(rows: QuerySet, name: str, state: str) -> QuerySet:
    """Those of `rows` in one of `STATES`."""
    if state in ("review", "returned"):
        from django.contrib.contenttypes.models import ContentType
        from django.db.models import CharField

        status = WorkflowState.STATUS_IN_PROGRESS if state == "review" else WorkflowState.STATUS_NEEDS_CHANGES
        kind = ContentType.objects.get_for_model(rows.model)
        states = WorkflowState.objects.filter(base_content_type=kind, status=status, object_id=Cast(OuterRef("pk"), CharField()))
        return rows.filter(Exists(states))
    if state == "scheduled":
        return rows.filter(_revisions__approved_go_live_at__isnull=False).distinct()
    return rows.filter({"live": Q(live=True), "draft": Q(has_unpublished_changes=True), "off": Q(live=False)}[state])


class _Administration(WagtailFilterSet):
    administration = django_filters.ModelMultipleChoiceFilter(
        queryset=Administration.objects.order_by("key"), label=_("Administration"), widget=CheckboxSelectMultiple
    )
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method=in_state)


class EntryFilters(_Administration):
    topic = django_filters.ChoiceFilter(label=_("Topic"), choices=topics)
    language = django_filters.ChoiceFilter(
        label=_("Translated into"), choices=lambda: [(code, language_name(code)) for code in settings.GUIDANCE_LANGUAGES], method="in_language"
    )
    review = django_filters.ChoiceFilter(
        label=_("Review"), choices=[("due", _("due")), ("month", _("due within a month"))], method="by_review"
    )

    class Meta:
        model = Entry
        fields = ["administration", "topic", "state", "language", "review", "audience", "most_asked"]

    def in_language(self, rows: QuerySet, name: str, language: str) -> QuerySet:
        return rows.filter(translations__language=language).distinct()

    def by_review(self, rows: QuerySet, name: str, value: Any) -> QuerySet:
        day = timezone.localdate() + timedelta(days=31 if value == "month" else 0)
        return rows.filter(review_by__lte=day)


class FigureFilters(_Administration):
    class Meta:
        model = Figure
        fields = ["administration", "state", "status", "unit"]


class SourceFilters(_Administration):
    class Meta:
        model = Source
        fields = ["administration", "state", "kind"]
