"""Pages of this part below /reports/. Wagtail has its own reports there, which the console does not show."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("questions/", views.questions, name="questions"),
    path("guidance/", views.curation, name="curation"),
    path("csv/<slug:name>/", views.download, name="csv"),
]
