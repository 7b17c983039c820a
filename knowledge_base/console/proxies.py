"""Behind a reverse proxy: whose request it is, and whether the console is ready for more of them."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse

from knowledge_base.console.tables import DatabaseProblem, reach, up_to_date


class Health:
    """Middleware that answers /healthz and /readyz before anything else: probes name the machine's address as host and use no TLS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return _ready()
        return self.get_response(request)


_tables_seen = False  # they do not become older while this process runs


def _ready() -> HttpResponse:
    global _tables_seen
    try:
        if _tables_seen:
            reach()
        else:
            _tables_seen = up_to_date()
        if _tables_seen:
            return HttpResponse("ok", content_type="text/plain")
        problem = "the tables are of another version; bin/customs console --prepare brings them up to date"
    except DatabaseProblem:  # its words name the server: they are for the log, not for whoever asks
        problem = "the database cannot be reached"
    return HttpResponse(problem, status=503, content_type="text/plain")


class ClientAddress:
    """Middleware: the address of who asks in the place of the proxy's, so that wrong passwords are counted by person.

    Only proxies in FORWARDED_ALLOW_IPS (as uvicorn and gunicorn read it: addresses or networks, separated by commas; * for any) are believed,
    and of X-Forwarded-For the last address that is not one of theirs: what stands before it, anybody may have written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self._trusted = trusted_proxies(os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1"))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        request.META["REMOTE_ADDR"] = client_address(request.META.get("REMOTE_ADDR", ""), told, self._trusted)
        return self.get_response(request)


Networks = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]


def trusted_proxies(text: str) -> Networks | None:
    """The networks in `text`; None: any proxy is believed. What is no address, such as the name of a socket, is passed over."""
    found = []
    for part in text.replace(" ", "").split(","):
        if part == "*":
            return None
        try:
            found.append(ipaddress.ip_network(part, strict=False))
        except ValueError:
            continue
    return found


def client_address(peer: str, told: list[str], trusted: Networks | None) -> str:
    """Whose request it is, when `peer` sent it and told of these addresses, the nearest last."""
    if not told or not _is_trusted(peer, trusted):
        return peer
    if trusted is None:
        return told[-1] if _address(told[-1]) else peer
    nearest = peer
    for address in reversed(told):
        if not _address(address):
            return nearest
        nearest = address
        if not _is_trusted(address, trusted):
            break
    return nearest


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_trusted(address: str, trusted: Networks | None) -> bool:
    known = _address(address)
    return trusted is None or (known is not None and any(known in network for network in trusted))
