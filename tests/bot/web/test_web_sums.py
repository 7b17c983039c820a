"""Sums over the chat API, worked out by the real action server."""

from __future__ import annotations

import pytest

from tests.bot.web.conftest import client_of
from tests.bot.web.sums import served_sums  # noqa: F401 - a fixture

GOODS = {"administration": "gb", "text": "2 litres of gin and 400 cigarettes from the us by air, i am 30", "date": "2026-11-22"}


@pytest.fixture
async def sums(make_app, served_sums):  # noqa: F811
    async with client_of(make_app(actions_url=served_sums, turn_deadline_s="60")) as client:
        yield client


async def test_an_allowance_is_worked_out(sums):
    response = await sums.post("/api/v1/allowance", json=GOODS)
    answer = response.json()
    assert response.status_code == 200, answer
    assert (answer["result"]["verdict"], answer["needs"], answer["unclear"]) == ("over", [], [])
    assert [good["kind"] for good in answer["basket"]["goods"]] == ["spirits", "cigarettes"]
    assert answer["blocks"][0]["type"] == "paragraph" and answer["release"]


async def test_duty_says_what_it_needs(sums):
    response = await sums.post("/api/v1/duty", json={"administration": "gb", "text": "a watch for 300 dollars from china"})
    assert response.status_code == 200 and "g1.good" in response.json()["needs"]


@pytest.mark.parametrize(
    ("body", "field"),
    [({"administration": "fr"}, "administration"), ({"administration": "gb", "weight": 3}, "weight"), ({"administration": "gb", "basket": 3}, "basket")],
)
async def test_a_faulty_field_is_named(sums, body, field):
    response = await sums.post("/api/v1/allowance", json=body)
    assert (response.status_code, response.json()["field"]) == (422, field)


async def test_no_json_is_refused(sums):
    assert (await sums.post("/api/v1/duty", content=b"{")).status_code == 415
    assert (await sums.post("/api/v1/duty", content=b"{", headers={"Content-Type": "application/json"})).status_code == 400


async def test_an_action_server_that_is_away_is_told(make_app):
    async with client_of(make_app(actions_url="http://127.0.0.1:9")) as client:
        response = await client.post("/api/v1/allowance", json=GOODS)
    assert (response.status_code, response.json()["error"]) == (503, "actions_down")


async def test_callers_are_counted(make_app, served_sums):  # noqa: F811
    from bot.web.options import Options

    app = make_app(options=Options(rate_address="2/minute"), actions_url=served_sums, turn_deadline_s="60")
    async with client_of(app) as client:
        codes = [(await client.post("/api/v1/allowance", json=GOODS)).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
