"""What a browser may load on a page of the console."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse

# Wagtail's editor sets styles on elements; its scripts are files. No other host is ever named.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'nonce-%s'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
# Wagtail 7.4 starts its date fields, choosers and rows by scripts in the page. Exactly these may run: a mark that is new with each page
# is put on them, and on nothing else.
_WAGTAILS = re.compile(
    rb"""<script>(?=\s*(?:
        init(?:Date|Time|DateTime)Chooser\("[\w\\-]+",\s*\{[^<>()]*\}\);
        |new\ \w+Chooser\("[\w-]+",\s*\{[^<>()]*\}\);
        |\(function\(\)\s*\{\s*var\ panel\ =\ new\ (?:Inline|MultipleChooser)Panel\(JSON\.parse\("[^"<>]*"\)\);\s*\}\)\(\);
    )\s*</script>)""",
    re.VERBOSE,
)


class ContentSecurityPolicy:
    """Middleware that sends the policy with every page and keeps pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        nonce = secrets.token_urlsafe(16)
        if not response.streaming and response.headers.get("Content-Type", "").startswith("text/html"):
            response.content = _WAGTAILS.sub(b'<script nonce="%s">' % nonce.encode(), response.content)
            if "Content-Length" in response.headers:
                response.headers["Content-Length"] = str(len(response.content))
        response.headers.setdefault("Content-Security-Policy", POLICY % nonce)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


class RefusesNul:
    """Middleware that refuses a NUL in an address or a form, which nobody types: PostgreSQL keeps none and would end the page with a fault."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        typed = [request.path, *_all(request.GET), *_all(request.POST)]
        if any("\0" in text for text in typed):
            raise BadRequest("There is a NUL in the address or in the form.")


def _all(fields: Any) -> list[str]:
    return [text for name, texts in fields.lists() for text in (name, *texts)]
