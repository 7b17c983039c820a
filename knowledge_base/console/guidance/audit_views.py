"""The audit log, for those who may read it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from knowledge_base.console.guidance.acts import act_choices
from knowledge_base.console.guidance.models import AuditRow


class AuditFilters(WagtailFilterSet):
    when = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)
    name = django_filters.CharFilter(label=_("Who"), lookup_expr="icontains")
    action = django_filters.ChoiceFilter(label=_("What"), choices=act_choices)
    key = django_filters.CharFilter(label=_("Id"), lookup_expr="icontains")

    class Meta:
        model = AuditRow
        fields = ["when", "name", "action", "key"]


class AuditView(ReportView):
    """Who did what and when, the newest first; as a table for others too."""

    page_title = _("Audit log")
    header_icon = "history"
    index_url_name = "guidance:audit"
    index_results_url_name = "guidance:audit_results"
    model = AuditRow
    filterset_class = AuditFilters
    is_searchable = False
    default_ordering = "-pk"
    export_headings = {
        "when": "when",
        "name": "who",
        "action": "what",
        "act": "what in words",
        "kind": "kind",
        "key": "id",
        "label": "object",
        "comment": "comment",
    }
    list_export = ["when", "name", "action", "act", "kind", "key", "label", "comment", "details"]
    columns = [
        DateColumn("when", label=_("When"), sort_key="pk"),
        Column("name", label=_("Who")),
        Column("act", label=_("What")),
        Column("label", label=_("Object")),
        Column("key", label=_("Id")),
        Column("comment", label=_("Comment")),
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("accounts.read_audit"):
            raise PermissionDenied
        self.language = get_language()
        return super().dispatch(request, *args, **kwargs)

    def to_row_dict(self, item: AuditRow) -> dict[str, Any]:
        with override(self.language):  # a table is written when the page's language is over
            return super().to_row_dict(item)

    def get_base_queryset(self) -> Any:
        return AuditRow.objects.order_by("-pk")
