"""Pages of this part below /guidance/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.guidance import views

app_name = "guidance"
urlpatterns = [
    path("figures.json", views.figures, name="figures"),
    path("answer-preview/", views.answer_preview, name="answer_preview"),
]
