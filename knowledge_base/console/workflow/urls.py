"""Pages of this part below /workflow/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.workflow import views

app_name = "workflow"
urlpatterns = [path("alone/<str:kind>/<int:pk>/", views.alone, name="alone")]
