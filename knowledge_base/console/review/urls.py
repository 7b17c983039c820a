"""Pages of this part below /review/."""

from __future__ import annotations

from django.urls import path

from knowledge_base.console.review import try_views, views

app_name = "review"
urlpatterns = [
    path("", views.waiting, name="waiting"),
    path("<str:kind>/<int:pk>/", views.review, name="review"),
    path("<str:kind>/<int:pk>/decide/", views.decided, name="decide"),
    path("<str:kind>/<int:pk>/look/", views.look, name="look"),
    path("<str:kind>/<int:pk>/found/", views.found, name="found"),
    path("<str:kind>/<int:pk>/try/", try_views.try_it, name="try"),
    path("<str:kind>/<int:pk>/replay/", try_views.replay, name="replay"),
]
