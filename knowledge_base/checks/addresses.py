"""Addresses of sources that look as if they could not be reached, or not be whose they are said to be. Nothing is fetched."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from knowledge_base.checks.checked import Checked
from knowledge_base.model import Source
from knowledge_base.packs import Fault, read_yaml
from knowledge_base.said import Said

_HOSTS = Path(__file__).with_name("hosts.yml")


@cache
def _hosts() -> dict[str, list[str]]:
    return read_yaml(_HOSTS)


def addresses(checked: Checked) -> Iterator[Fault]:
    """Odd addresses, the same page under two names, and official texts that stand on somebody else's pages."""
    seen: dict[str, str] = {}
    for source in checked.pack.sources.values():
        for remedy in _odd(source):
            yield checked.in_source(source.id, "url", source.url, remedy, "warning")
        page = re.sub(r"^https?://(www\.)?", "", source.url).rstrip("/")
        if seen.setdefault(page, source.id) != source.id:
            remedy = Said("The same page as {other}; keep one.", other=seen[page])
            yield checked.in_source(source.id, "url", source.url, remedy, "warning")


def _odd(source: Source) -> Iterator[str]:
    parts = urlsplit(source.url)
    host = (parts.hostname or "").lower()
    if parts.scheme != "https":
        yield Said("Not https: browsers warn of it. Put the https address if the page has one.")
    if host.endswith("."):
        yield Said("The host ends with a dot; take it off.")
        host = host.rstrip(".")
    if "." not in host or _is_number(host) or _ends_with(host, _hosts()["unreachable"]):
        yield Said("Readers cannot reach this host; put the page's public address.")
    elif _ends_with(host, _hosts()["delivery"]) or set(re.split(r"[.-]", host)) & set(_hosts()["trial"]):
        yield Said("A store or a trial site of somebody's pages; put the page's public address.")
    elif source.kind == "official" and not _ends_with(host, _hosts()["official"]):
        yield Said(
            "Said to be official, but {host} is not known as an authority's: put its own page, or kind: secondary.",
            host=host,
        )
    if parts.username or parts.password or parts.port:
        yield Said("A name, password or port in the address; put the page's public address.")
    if (
        re.search(r"[\s<>\"{}|\\^`]", source.url)
        or source.url.rstrip() != source.url
        or re.search(r"[.,;]$", parts.path)
    ):
        yield Said("A sign that does not belong into an address; copy it anew.")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _ends_with(host: str, names: list[str]) -> bool:
    """Is `host` one of `names` or inside one? `gov.*` stands for gov and gov.<country>."""
    for name in names:
        pattern = re.escape(name).replace(r"\.\*", r"(\.[a-z]{2})?")
        if re.search(rf"(^|\.){pattern}$", host):
            return True
    return False
