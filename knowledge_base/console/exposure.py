"""What must be set before others than this machine's own user may reach the console."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from customs.settings import SettingError, Settings

# Django's own measure of a key that cannot be guessed (its check W009).
_SHORTEST_SECRET, _FEWEST_SIGNS = 50, 5
_HOW = "Make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"


@dataclass(frozen=True)
class Exposure:
    """`public`: others reach the console; `tls`: they reach it by https; `hosts`: under these names beside this machine's own."""

    public: bool
    tls: bool
    hosts: tuple[str, ...]


def exposure(settings: Settings) -> Exposure:
    """How the console is reached by its settings. Raises `SettingError` for one that others reach without TLS or without a key of its own:
    passwords would go over the wire as they are, and a key made beside the data is in every copy of it.
    """
    address = urlsplit(settings.console_url)
    host = address.hostname or ""
    if settings.console_url and (address.scheme not in ("http", "https") or not host):
        raise SettingError(
            f"CUSTOMS_CONSOLE_URL is {settings.console_url!r}: expected the address as staff see it, such as https://console.example.org."
        )
    hosts = tuple(dict.fromkeys([*settings.console_hosts, *([host] if host and not _is_here(host) else [])]))
    public = bool(hosts) or not _is_here(settings.console_host)
    # The chat's cookies may be for TLS while the console is opened on its own machine without it.
    tls = address.scheme == "https" or (not settings.console_url and public and settings.secure_cookies)
    if public:
        why = f"The console is reached by others ({_why(settings, hosts)})"
        if not tls:
            raise SettingError(
                f"{why}, but nothing says that they use TLS: passwords would be sent in the clear. Put a proxy with TLS in front and set "
                "CUSTOMS_CONSOLE_URL=https://…, or leave it on 127.0.0.1 and reach it by ssh -L 8001:127.0.0.1:8001."
            )
        if not settings.console_secret:
            raise SettingError(
                f"{why}, so CUSTOMS_CONSOLE_SECRET must be set, and to the same value for each replica. {_HOW}"
            )
    secret = settings.console_secret
    if secret and (len(secret) < _SHORTEST_SECRET or len(set(secret)) < _FEWEST_SIGNS):
        raise SettingError(
            f"CUSTOMS_CONSOLE_SECRET has {len(secret)} characters, {len(set(secret))} of them different: too few, at least "
            f"{_SHORTEST_SECRET} and {_FEWEST_SIGNS} are needed. {_HOW}"
        )
    return Exposure(public, tls, hosts)


def _why(settings: Settings, hosts: tuple[str, ...]) -> str:
    if not _is_here(settings.console_host):
        return f"CUSTOMS_CONSOLE_HOST is {settings.console_host}"
    return f"as {', '.join(hosts)}"


def _is_here(host: str) -> bool:
    """Is it this machine's own name or address, that no other machine reaches?"""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
