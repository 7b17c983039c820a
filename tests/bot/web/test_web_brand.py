"""A customs administration's name, colours, logo and contact, and what is refused because nobody could read it."""

from __future__ import annotations

import json

import pytest

from bot.web.brand import Brand, contrast, read_brand
from customs.settings import SettingError
from tests.bot.web.conftest import client_of

SITE = """
name: {en: Harbour Customs, ar: جمارك الميناء}
colour: "#1d3f8f"
colour_dark: "#9db8ff"
logo: logo.svg
contact: access@example.org
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture
def site(tmp_path):
    """Writes `site.yml` and its logo."""

    def write(text: str = SITE) -> None:
        (tmp_path / "site.yml").write_text(text, encoding="utf-8")
        (tmp_path / "logo.svg").write_text(LOGO)

    return write


async def test_every_page_bears_it(make_app, site):
    site()
    app = make_app()
    async with client_of(app) as client:
        for address in ("/?lang=ar", "/accessibility?lang=ar", "/nothing?lang=ar"):
            assert "جمارك الميناء" in (await client.get(address)).text, address
        html = (await client.get("/?lang=fr")).text
        assert (
            "<title>Posez votre question à la douane – Harbour Customs</title>" in html and "Green Channel" not in html
        )
        assert '<meta name="theme-color" content="#1d3f8f">' in html and 'src="/static/logo.svg?v=' in html
        css = (await client.get("/static/chat.css")).text
        assert "--brand:#1d3f8f" in css and "--brand:#9db8ff" in css
        assert css.index("#1d3f8f") > css.index("#0b6b50"), "the later rule counts"
        assert (await client.get("/static/logo.svg")).headers["content-type"].startswith("image/svg+xml")
        manifest = json.loads((await client.get("/manifest.webmanifest?lang=ar")).text)
        assert "جمارك الميناء" in manifest["name"] and manifest["dir"] == "rtl" and manifest["theme_color"] == "#1d3f8f"
        assert manifest["icons"][0]["src"].startswith("/static/logo.svg")
        assert "#1d3f8f" in (await client.get("/launcher.js")).text
        statement = (await client.get("/accessibility?lang=en")).text
        assert 'href="mailto:access@example.org"' in statement


def test_without_a_file_it_is_the_plain_page(tmp_path):
    assert read_brand(tmp_path) == Brand() and Brand().css == ""


def test_one_name_does_for_every_language(tmp_path, site):
    site("name: Harbour Customs")
    assert read_brand(tmp_path).name("zh") == "Harbour Customs"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colour: '#ffee00'", "contrast"),
        ("colour_dark: '#1d3f8f'", "contrast"),
        ("colour: blue", "colour"),
        ("colour: 16711680", "colour"),
        ("logo: gone.svg", "logo"),
        ("logo: site.yml", "logo"),
        ("logo: ../logo.exe", "logo"),
        ("name: {en: ''}", "name"),
        ("name: 7", "name"),
        ("contact: nonsense", "contact"),
        ("contact: javascript:alert(1)", "contact"),
        ("color: '#1d3f8f'", "color"),
        ("- a list", "keys"),
        ("{", "cannot be read"),
        ("", "keys"),
    ],
)
def test_what_cannot_be_used_stops_the_start_and_says_why(tmp_path, site, text, named):
    site(text)
    with pytest.raises(SettingError, match=named) as refused:
        read_brand(tmp_path)
    assert "docs/web-chat.md" in str(refused.value)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#ffffff") == 1
