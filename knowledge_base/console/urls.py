"""The addresses of the console: each part below its name, Wagtail at the root. /healthz and /readyz are in proxies.py."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path
from wagtail.admin import urls as wagtail_urls

urlpatterns = [
    *(path(f"{part}/", include(f"knowledge_base.console.{part}.urls")) for part in settings.PARTS),
    path("", include(wagtail_urls)),
]
