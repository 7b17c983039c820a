"""The guide for staff inside the console, in the reader's language, with the pages that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markdown_it import MarkdownIt
from wagtail.admin.auth import require_admin_access

from customs.settings import ROOT

DOCS = ROOT / "docs"
# What staff read; the other documents are for operators and developers.
PAGES = ("staff-guide", "trying", "publishing", "unanswered", "spreadsheets")
_PICTURE = re.compile(r"[a-z0-9.-]+\.png")


@dataclass(frozen=True)
class Guide:
    """A document as HTML, with its title and its parts as (anchor, title); `language` is the one it is written in."""

    title: str
    html: SafeString
    parts: tuple[tuple[str, str], ...]
    language: str


@require_GET
@require_admin_access
def guide(request: HttpRequest, name: str = "staff-guide") -> HttpResponse:
    """The document `name` in the reader's language, in English where there is none."""
    if name not in PAGES:
        raise Http404(_("There is no such page of the guide."))
    language = (get_language() or "en").split("-")[0]
    path = next((path for path in (DOCS / f"{name}.{language}.md", DOCS / f"{name}.md") if path.is_file()), None)
    if path is None:
        raise Http404(_("The documents of this installation are missing."))
    return render(request, "accounts/guide.html", {"guide": read(path, path.stat().st_mtime_ns), "name": name})


@require_GET
@require_admin_access
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of the guide."""
    path = DOCS / "images" / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise Http404(_("There is no such picture in the guide."))
    return FileResponse(path.open("rb"), content_type="image/png")


@lru_cache(maxsize=16)
def read(path: Path, changed: int) -> Guide:
    """The document at `path`, which was `changed` then; links lead to pages of the guide, pictures to the console's own."""
    tokens = (parser := MarkdownIt("commonmark", {"html": False}).enable("table")).parse(path.read_text("utf-8"))
    title, parts = "", []
    for token, inside in zip(tokens, tokens[1:]):
        if token.type == "heading_open" and token.tag == "h1":
            title = inside.content
        elif token.type == "heading_open" and token.tag == "h2":
            parts.append((f"part-{len(parts) + 1}", inside.content))
            token.attrSet("id", parts[-1][0])
        for child in inside.children or ():
            if child.type == "image":
                child.attrSet("src", f"/accounts/help/images/{Path(str(child.attrs['src'])).name}")
            elif child.type == "link_open":
                _inside(child)
    start = next((place + 1 for place, token in enumerate(tokens) if token.type == "heading_close"), 0)
    # Our own documents, with HTML in them switched off.
    html = mark_safe(parser.renderer.render(tokens[start:], parser.options, {}))  # noqa: S308
    language = path.suffixes[0].removeprefix(".") if len(path.suffixes) > 1 else "en"
    return Guide(title, html, tuple(parts), language)


def _inside(link) -> None:  # noqa: ANN001 - a token of the parser
    """Let a link to another document lead to it inside the console, or nowhere when staff do not read it there."""
    target = str(link.attrs.get("href", ""))
    name = target.split("#")[0].removesuffix(".md").split(".")[0]
    if target.split("#")[0].endswith(".md"):
        link.attrSet("href", f"/accounts/help/{name}/" if name in PAGES else "/accounts/help/")
