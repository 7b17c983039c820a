import os
import stat

import pytest
from starlette.datastructures import Headers

from bot.web.options import Options
from bot.web.problems import Problem
from bot.web.security import Conversations, check_origin, session_secret
from tests.bot.web.conftest import ORIGIN, client_of


def test_the_secret_is_made_once_for_its_owner_only(tmp_path):
    folder = tmp_path / "var"
    secret = session_secret(folder)
    assert len(secret) > 40 and session_secret(folder) == secret
    assert stat.S_IMODE(os.stat(folder / "session.secret").st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["session.secret"]
    assert session_secret(tmp_path / "another") != secret


def test_processes_that_start_together_agree_on_the_secret(tmp_path, monkeypatch):
    path = tmp_path / "session.secret"
    link = os.link

    def late(source, target):
        path.write_text("made by the other process")
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert session_secret(tmp_path) == "made by the other process"
    assert [one.name for one in tmp_path.iterdir()] == ["session.secret"]


def test_ids_are_signed_with_the_secret_and_nothing_else_passes():
    ids = Conversations("secret")
    bare = ids.new()
    signed = ids.sign(bare)
    assert ids.check(signed) == bare and ids.new() != bare
    for forged in (bare, signed[:-1], signed + "x", Conversations("other").sign(bare), "", ".", "\x00.\ud800"):
        with pytest.raises(Problem) as refused:
            ids.check(forged)
        assert refused.value.status == 404


def test_an_address_is_not_kept_as_it_is():
    assert "192.0.2.1" not in Conversations("secret").origin("192.0.2.1")
    assert Conversations("secret").origin("192.0.2.1") != Conversations("other").origin("192.0.2.1")


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"host": "chat.test"}, True),
        ({"host": "chat.test", "origin": "http://chat.test"}, True),
        ({"host": "chat.test", "origin": "https://chat.test"}, True),
        ({"host": "chat.test", "origin": "https://listed.example"}, True),
        ({"host": "chat.test", "sec-fetch-site": "same-origin"}, True),
        ({"host": "chat.test", "sec-fetch-site": "none"}, True),
        ({"host": "chat.test", "origin": "https://evil.example"}, False),
        ({"host": "chat.test", "origin": "https://chat.test.evil.example"}, False),
        ({"host": "chat.test", "origin": "https://chat.test:8443"}, False),
        ({"host": "chat.test", "origin": "null"}, False),
        ({"host": "chat.test", "origin": "http://["}, False),
        ({"origin": ""}, False),
        ({"host": "chat.test", "sec-fetch-site": "cross-site"}, False),
    ],
)
def test_only_own_and_listed_origins_send(headers, passes):
    allowed = frozenset({"https://listed.example"})
    if passes:
        return check_origin(Headers(headers), allowed)
    with pytest.raises(Problem) as refused:
        check_origin(Headers(headers), allowed)
    assert refused.value.status == 403


async def test_another_site_cannot_send_in_the_users_name(app, rasa):
    async with client_of(app, origin="https://evil.example") as evil:
        for method, address in [("POST", "/ask"), ("POST", "/delete"), ("POST", "/api/v1/messages"), ("DELETE", "/x")]:
            response = await evil.request(method, address, content=b"{}")
            assert (response.status_code, response.json()["error"]) == (403, "foreign_origin")
    assert rasa.received == []


async def test_the_api_says_when_to_come_back(make_app, rasa):
    app = make_app(options=Options(rate_address="3/minute"))
    async with client_of(app) as client:
        answers = [await client.post("/api/v1/messages", json={"text": "hi"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["error"] == "too_many_messages" and answers[-1].headers["retry-after"]
    await app.state.chat.client.close()


@pytest.mark.parametrize("address", ["/", "/sw.js", "/accessibility", "/api/v1/messages", "/healthz", "/nothing"])
async def test_every_response_is_guarded(app, address):
    async with client_of(app) as client:
        headers = (await client.get(address)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "data:" not in policy
    assert "require-trusted-types-for 'script'" in policy and "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin" and "strict-transport-security" not in headers


@pytest.mark.parametrize("address", ["/static/chat.js", "/static/icon.svg", "/manifest.webmanifest", "/launcher.js"])
async def test_files_are_guarded_as_files_need_it(app, address):
    async with client_of(app) as client:
        headers = (await client.get(address)).headers
    assert headers["content-security-policy"] == "default-src 'none'" and headers["x-content-type-options"] == "nosniff"
    elsewhere = "cross-origin" if address == "/launcher.js" else "same-origin"
    assert headers["cross-origin-resource-policy"] == elsewhere


async def test_behind_tls_cookies_and_addresses_stay_on_https(make_app, rasa):
    app = make_app(secure_cookies="1")
    async with client_of(app, origin=ORIGIN) as client:
        response = await client.post("/ask", data={"text": "hi"})
    assert "Secure" in response.headers["set-cookie"] and "strict-transport-security" in response.headers
    await app.state.chat.client.close()


async def test_listed_sites_may_frame_the_page(make_app):
    app = make_app(allowed_origins="https://customs.example")
    async with client_of(app) as client:
        headers = (await client.get("/")).headers
    assert "frame-ancestors https://customs.example" in headers["content-security-policy"]
    assert "x-frame-options" not in headers


async def test_a_fault_of_our_own_says_so_and_nothing_more(app, monkeypatch):
    monkeypatch.setattr(app.state.chat, "names", lambda: 1 / 0)
    async with client_of(app) as client:
        response = await client.get("/api/v1/administrations")
    assert (response.status_code, response.json()["error"]) == (500, "internal")
    assert "division" not in response.text
