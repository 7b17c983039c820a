"""Pages of this part below /review/."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

app_name = "review"


def _page(module: str, name: str) -> Callable[..., HttpResponse]:
    """The view `name`, imported when it is first asked for: search and actions take seconds and memory that most processes never need."""

    def view(request: HttpRequest, **given: Any) -> HttpResponse:
        return getattr(import_module(f"knowledge_base.console.review.{module}"), name)(request, **given)

    return view


urlpatterns = [
    path("", _page("views", "waiting"), name="waiting"),
    path("<str:kind>/<int:pk>/", _page("views", "review"), name="review"),
    path("<str:kind>/<int:pk>/decide/", _page("views", "decided"), name="decide"),
    path("<str:kind>/<int:pk>/look/", _page("parts", "look"), name="look"),
    path("<str:kind>/<int:pk>/found/", _page("parts", "found"), name="found"),
    path("<str:kind>/<int:pk>/try/", _page("try_views", "try_it"), name="try"),
    path("<str:kind>/<int:pk>/replay/", _page("try_views", "replay"), name="replay"),
]
