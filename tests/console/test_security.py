"""Which scripts may run: Wagtail's own starters, marked anew with each page, and nothing that looks like them."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from knowledge_base.console.security import ContentSecurityPolicy

WAGTAILS = [
    'initDateChooser("id_review_by", {"dayOfWeekStart": 0, "format": "Y-m-d"});',
    r'initDateChooser("id_periods\u002D__prefix__\u002Dstart", {"dayOfWeekStart": 0});',
    'initDateTimeChooser("id_go_live_at", {"parentID": "#schedule-publishing-dialog"});',
    'new SnippetChooser("id_entry_sources-0-source", {"modalUrl": "/snippets/choose/guidance/source/"});',
    '\n    (function() {\n  var panel = new InlinePanel(JSON.parse("{\\u0022formsetPrefix\\u0022: 1}"));\n })();\n ',
]
OTHERS = [
    "alert(1)",
    'initDateChooser("x", {});alert(1)',
    'initDateChooser("x", {"a": alert(1)});</script><script>alert(1)',
    'initDateChooser("x", alert(1));',
    'new Worker("x", {});',
    '(function() { var panel = new InlinePanel(JSON.parse("x")); alert(1) })();',
    "",
]


def answer(html: str) -> HttpResponse:
    return ContentSecurityPolicy(lambda request: HttpResponse(html))(RequestFactory().get("/"))


@pytest.mark.parametrize("script", WAGTAILS)
def test_wagtails_own_run(script: str) -> None:
    response = answer(f"<p>a</p><script>{script}</script>")
    nonce = re.search(r"'nonce-([\w-]+)'", response["Content-Security-Policy"])[1]
    assert f'<script nonce="{nonce}">' in response.content.decode()


@pytest.mark.parametrize("script", OTHERS)
def test_nothing_else_does(script: str) -> None:
    html = f"<script>{script}</script>"
    assert b"alert(1)" not in answer(html).content.partition(b"nonce=")[2].partition(b"</script>")[0]
    if "</script>" not in script:
        assert answer(html).content.decode() == html


def test_the_mark_is_new_with_each_page() -> None:
    assert answer("x")["Content-Security-Policy"] != answer("x")["Content-Security-Policy"]


def test_no_script_of_another_host_and_no_inline_one() -> None:
    scripts = re.search("script-src ([^;]*)", answer("x")["Content-Security-Policy"])[1]
    assert "unsafe" not in scripts and "http" not in scripts


def test_what_is_no_page_is_left_alone() -> None:
    text = '<script>initDateChooser("x", {});</script>'
    plain = ContentSecurityPolicy(lambda request: HttpResponse(text, content_type="text/csv"))(
        RequestFactory().get("/")
    )
    assert plain.content.decode() == text
    stream = ContentSecurityPolicy(lambda request: StreamingHttpResponse([text]))(RequestFactory().get("/"))
    assert b"".join(stream.streaming_content).decode() == text
