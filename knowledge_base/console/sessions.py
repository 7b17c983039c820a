"""When a session ends: so many minutes after the last thing that somebody did, whatever page stands open."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# What pages ask by themselves every few seconds. An editor left open over lunch must not keep its author signed in.
ASKED_BY_PAGES = frozenset({"wagtailadmin_editing_sessions:ping", "publishing:mark"})


def asked_by_itself(request: HttpRequest) -> bool:
    """Was this asked by an open page and not by a person? Pages of ours say so themselves by the header `X-By-Itself`."""
    match = request.resolver_match
    return "X-By-Itself" in request.headers or (match is not None and match.view_name in ASKED_BY_PAGES)


class EndsAfterLastAct:
    """Middleware: each request of a person lets the session live for its whole time again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.session.is_empty() and not asked_by_itself(request):
            request.session.modified = True
        return response
