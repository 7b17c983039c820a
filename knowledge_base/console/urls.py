"""The addresses of the console: each part below its name, Wagtail at the root."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from wagtail.admin import urls as wagtail_urls


def health(request: HttpRequest) -> HttpResponse:
    """200 when the console runs; asks no database."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", health),
    *(path(f"{part}/", include(f"knowledge_base.console.{part}.urls")) for part in settings.PARTS),
    path("", include(wagtail_urls)),
]
