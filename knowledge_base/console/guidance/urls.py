"""Pages of this part below /guidance/."""

from __future__ import annotations

from django.urls import path
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.guidance import views
from knowledge_base.console.guidance.audit_views import AuditView

app_name = "guidance"
urlpatterns = [
    path("figures.json", views.figures, name="figures"),
    path("answer-preview/", views.answer_preview, name="answer_preview"),
    path("audit/", require_admin_access(AuditView.as_view()), name="audit"),
    path("audit/results/", require_admin_access(AuditView.as_view(results_only=True)), name="audit_results"),
]
