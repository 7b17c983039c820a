"""Whatever a block holds, the page has no markup of it; whatever a form holds, the server has an answer."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.web.app import create_app
from bot.web.brand import Brand
from bot.web.options import Options
from bot.web.render import Pages, folded, static_files
from customs.blocks import check_block
from customs.settings import Settings
from tests.bot.fake_rasa import serving
from tests.bot.web.conftest import NAMES

NASTY = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onclick='x", "</textarea>", "{{ 7*7 }}", "{% raw %}",
    "<!--", "]]>", "&lt;b&gt;", "\u202egnp.exe", "<svg/onload=x>", "javascript:alert(1)", "٣٠ - 12/11", "+971 600 522225",
    "a@b.example", "1-2-3",
)  # fmt: skip
# Without control characters: an HTML parser drops or changes them, a script does not.
_CHARS = st.characters(exclude_categories=["Cc", "Cs"])
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(_CHARS, min_size=1, max_size=30),
    st.tuples(st.sampled_from(NASTY), st.text(_CHARS, max_size=9)).map("".join),
)
URLS = TEXTS.map(lambda text: "https://example.org/" + re.sub(r"[\s<>\"]", "", text))
PAYLOADS = st.sampled_from(["/help", '/choose_entry{"entry":"ae.cash"}', '/give_feedback{"rating":"up"}'])
ITEMS = st.lists(st.fixed_dictionaries({"title": TEXTS, "payload": PAYLOADS}), min_size=1, max_size=12)
DATES = st.one_of(st.just("2026-11-21"), TEXTS)


def kind(name: str, needed: dict, optional: dict | None = None) -> st.SearchStrategy[dict]:
    return st.fixed_dictionaries({"type": st.just(name)} | needed, optional=optional or {})


TABLES = st.integers(1, 5).flatmap(
    lambda width: kind(
        "table",
        {
            "columns": st.lists(TEXTS, min_size=width, max_size=width),
            "rows": st.lists(st.lists(TEXTS, min_size=width, max_size=width), max_size=5),
        },
        {"caption": TEXTS},
    )
)
ROWS = st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=4)
BLOCKS = st.one_of(
    kind("paragraph", {"text": TEXTS}),
    kind("notice", {"text": TEXTS, "level": st.sampled_from(["info", "warning"])}),
    kind("list", {"items": st.lists(TEXTS, max_size=4), "ordered": st.booleans()}),
    kind("card", {"title": TEXTS}, {"text": TEXTS, "rows": ROWS, "url": URLS}),
    kind("source", {"title": TEXTS, "url": URLS, "checked": DATES}, {"publisher": TEXTS, "as_of": DATES}),
    kind("buttons", {"items": ITEMS}, {"label": TEXTS}),
    TABLES,
)

TAGS = {"p", "ul", "ol", "li", "div", "strong", "dl", "dt", "dd", "a", "bdi", "table", "caption", "thead", "tbody", "tr", "th",
        "td", "span", "button", "details", "summary"}  # fmt: skip
ATTRIBUTES = {"class", "dir", "lang", "role", "tabindex", "aria-label", "href", "rel", "scope", "form", "name", "value"}


class Seen(HTMLParser):
    """The tags, attributes and text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data!r}")


pages = Pages(dict.fromkeys(static_files(Brand()), "1"), Brand())
template = pages._environment.from_string(
    '{% import "blocks.html" as blocks %}'
    '{% for block in folded(given) %}{{ blocks.show(block, rtl, t, "en", active, outcome) }}{% endfor %}'
)


def texts_of(value: object) -> list[str]:
    """Every text that people are to read in a block."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for one in value for text in texts_of(one)]
    hidden = {"type", "level", "payload", "checked", "as_of", "url", "ordered"}
    return [text for key, one in value.items() if key not in hidden for text in texts_of(one)]


def squeezed(text: str) -> str:
    return "".join(text.replace("\x00", "").split())


@settings(max_examples=150, deadline=None)
@given(
    blocks=st.lists(BLOCKS, max_size=8),
    rtl=st.booleans(),
    active=st.booleans(),
    outcome=st.sampled_from(["answered", "asked_back"]),
)
def test_no_block_becomes_markup_and_no_word_is_lost(blocks, rtl, active, outcome):
    for block in blocks:
        check_block(block)
    html = template.render(given=blocks, t=lambda text, **_: text, rtl=rtl, active=active, outcome=outcome)
    seen = Seen(html)
    assert set(seen.tags) <= TAGS
    assert {name for name, _ in seen.attributes} <= ATTRIBUTES
    for name, value in seen.attributes:
        assert name != "href" or re.match(r"(https?://|mailto:|tel:)", value)
    if active:
        shown = squeezed(seen.text)
        for block in folded(blocks):
            for text in texts_of(block.get("items") if block["type"] == "sources" else block):
                assert squeezed(text) in shown


@pytest.fixture(scope="module")
def chat(served_rasa, tmp_path_factory):
    served_rasa.reset()
    environ = {"CUSTOMS_RASA_URL": served_rasa.url, "CUSTOMS_VAR_DIR": str(tmp_path_factory.mktemp("var"))}
    unlimited = Options(rate_conversation="1000000/second", rate_address="1000000/second")
    app = create_app(Settings(environ), names=lambda: NAMES, options=unlimited)
    with serving(app) as address, httpx.Client(base_url=address, headers={"Origin": address}) as client:
        yield client


FIELDS = st.sampled_from(["text", "choice", "suggestion", "lang", "administration", "key", "conversation", "other"])
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(["", "en", "ar", "ae", "/help|Help", "/help", "|", '/start{"entry":"ae.cash"}|x', "web-1.forged"]),
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(path=st.sampled_from(["/ask", "/transcript", "/restart", "/delete"]), form=st.dictionaries(FIELDS, VALUES))
def test_no_form_breaks_the_server(chat, path, form):
    chat.cookies.clear()
    if "text" in form:
        chat.post("/ask", data={"text": form["text"]})
    response = chat.post(path, data=form)
    assert response.status_code < 500, (path, form)
    if "html" in response.headers.get("content-type", ""):
        assert "<script>alert" not in response.text


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["/", "/ask", "/shell", "/accessibility", "/manifest.webmanifest", "/receipt/x", "/static/x", "/launcher.js"]),
    query=st.dictionaries(st.sampled_from(["lang", "administration", "v", "x"]), VALUES),
    wishes=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).map(str.strip),
)  # fmt: skip
def test_no_address_breaks_the_server(chat, path, query, wishes):
    chat.cookies.clear()
    response = chat.get(path, params=query, headers={"Accept-Language": wishes, "Cookie": f"conversation={wishes}"})
    assert response.status_code < 500, (path, query, wishes)
    assert "<script>alert" not in response.text
