"""Pages of this part below /publishing/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.publishing import switch_views, views

app_name = "publishing"
urlpatterns = [
    path("", views.state, name="state"),
    path("mark", views.state_mark, name="mark"),
    path("again", views.again, name="again"),
    path("go-on", views.go_on, name="go_on"),
    path("releases", views.releases, name="releases"),
    path("releases/<slug:release>/back", views.back, name="back"),
    path("switches", switch_views.switches, name="switches"),
    path("switches/on", switch_views.on, name="switch_on"),
    path("notices", switch_views.notices, name="notices"),
    path("notices/<slug:notice>/down", switch_views.down, name="notice_down"),
]
