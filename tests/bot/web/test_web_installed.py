"""What phones and other sites load: manifest, icons, service worker, launcher."""

from __future__ import annotations

import json
import re
import struct

import pytest

from customs.settings import Settings

LANGUAGES = Settings({}).languages


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_manifest_installs_the_page_in_each_language(browser, language):
    response = await browser.get(f"/manifest.webmanifest?lang={language}")
    assert response.headers["content-type"] == "application/manifest+json"
    manifest = response.json()
    assert manifest["lang"] == language and manifest["start_url"] == f"/?lang={language}" and manifest["name"]
    assert (manifest["id"], manifest["scope"], manifest["display"]) == ("/", "/", "standalone")
    for icon in manifest["icons"]:
        png = (await browser.get(icon["src"])).content
        assert png[:4] == b"\x89PNG" and "x".join(map(str, struct.unpack(">II", png[16:24]))) == icon["sizes"]
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


async def test_the_service_worker_is_at_the_root_and_never_old(browser):
    response = await browser.get("/sw.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "no-cache"


async def test_the_launcher_says_the_same_as_the_page_in_each_language(browser):
    response = await browser.get("/launcher.js")
    words = json.loads(re.search(r"const WORDS = (\{.*\});", response.text)[1])
    assert set(words) == set(LANGUAGES) and words["fr"] == ["Posez votre question à la douane", "Fermer la discussion"]
    assert "COLOUR" not in response.text
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"


async def test_the_shell_is_the_page_without_anybodys_conversation(browser, rasa):
    await browser.post("/ask", data={"text": "a secret question", "key": "12345678"})
    assert "a secret question" in (await browser.get("/")).text
    shell = (await browser.get("/shell?lang=fr")).text
    assert "a secret question" not in shell and '<html lang="fr"' in shell


async def test_the_statement_is_public_and_in_each_language(browser):
    seen = {(await browser.get(f"/accessibility?lang={language}")).text for language in LANGUAGES}
    assert len(seen) == len(LANGUAGES) and all("WCAG" in text for text in seen)
