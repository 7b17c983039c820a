"""The pages: everybody on the staff sees what became of a change; going back and switching are for publishers, with a reason on record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from customs import bootstrap_knowledge
from knowledge_base.console.accounts.roles import ROLES
from knowledge_base.console.guidance.models import AuditRow
from knowledge_base.console.publishing.models import Publication
from knowledge_base.console.publishing.outbox import current_hold, waiting
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.index.manifest import CURRENT
from knowledge_base.switches import FILE, read_switches
from tests.console.publishing.conftest import CASH, WINE, publish, served_answer

pytestmark = pytest.mark.django_db
PAGES = ("", "releases", "switches", "notices")
ACTS = {
    "again": {}, "go-on": {"comment": "mended"}, "switches": {"answer": CASH, "comment": "wrong"}, "switches/on": {"target": f"entry:{CASH}"},
    "notices": {"answer": CASH, "comment": "strike", "text_en": "Strike"}, "notices/abc/down": {}, "releases/x/back": {"comment": "wrong"},
}  # fmt: skip


def refused(response: Any) -> bool:
    """Was somebody sent home, where a message says that they may not?"""
    return response.status_code == 302 and response["Location"] == "/"


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_and_only_publishers_act(
    guidance: None, var: Path, signed_in: Callable[..., Client], role: str
) -> None:
    client = signed_in(role)
    for page in PAGES:
        assert client.get(f"/publishing/{page}").status_code == 200, page
    for act, data in ACTS.items():
        assert refused(client.post(f"/publishing/{act}", data)) == (role != "publisher"), act
    acted = AuditRow.objects.filter(action__startswith="publishing.").exists()
    assert acted == (role == "publisher")
    assert bool(read_switches(var / "releases" / FILE).notices) == (role == "publisher")


def test_without_signing_in_there_is_nothing(guidance: None) -> None:
    for page in (*PAGES, "mark"):
        response = Client().get(f"/publishing/{page}")
        assert response.status_code == 302 and response["Location"].startswith("/login/")


def test_going_back_serves_the_old_and_holds_until_somebody_goes_on(
    worker: Worker, signed_in: Callable[..., Client]
) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, right.")
    worker.turn()
    good = (worker.publisher.releases / CURRENT).resolve().name
    publish(CASH, "Yes, from {zz.cash.over} on, wrong.")
    worker.turn()
    client = signed_in("publisher")
    page = client.get("/publishing/releases").content.decode()
    assert f"/publishing/releases/{good}/back" in page and f"entry {CASH} changed" in page
    assert client.post(f"/publishing/releases/{good}/back", {"comment": " "}).status_code == 302
    assert "wrong" in served_answer(worker), "without a reason nothing happens"
    client.post(f"/publishing/releases/{good}/back", {"comment": "the limit is wrong"})
    assert "right" in served_answer(worker)
    row = AuditRow.objects.get(action="publishing.roll_back")
    assert (row.comment, row.details) == ("the limit is wrong", {"release": good})
    assert current_hold().comment == "the limit is wrong"
    publish(WINE, "Yes, up to {zz.wine.litres}, red or white.")
    assert worker.turn() is False and "right" in served_answer(worker), (
        "the wrong one does not come back with the next change"
    )
    assert "Publishing is held" in client.get("/publishing/").content.decode()
    publish(CASH, "Yes, from {zz.cash.over} on, mended.")
    client.post("/publishing/go-on", {"comment": "mended"})
    assert current_hold() is None and worker.turn() is True
    assert "mended" in served_answer(worker) and "red or white" in served_answer(worker, WINE)


def test_a_release_that_is_not_there_is_said(worker: Worker, signed_in: Callable[..., Client]) -> None:
    publish(CASH, "Yes, from {zz.cash.over} on, right.")
    worker.turn()
    response = signed_in("publisher").post(
        "/publishing/releases/20200101-00000000/back", {"comment": "why"}, follow=True
    )
    assert "There is no release" in response.content.decode()
    assert current_hold() is None and not AuditRow.objects.filter(action="publishing.roll_back").exists(), (
        "all or nothing"
    )


def test_the_state_says_why_something_is_not_served(worker: Worker, signed_in: Callable[..., Client]) -> None:
    client = signed_in("author")
    before = client.get("/publishing/mark").json()["mark"]
    publish(CASH, "Yes, from {zz.no.such} on.")
    waits = client.get("/publishing/mark").json()["mark"]
    assert "Changes that wait to be served: 1" in client.get("/publishing/").content.decode()
    worker.turn()
    page = client.get("/publishing/").content.decode()
    assert "Not served." in page and "zz.no.such" in page and "zz/faq/cash.yml" in page
    assert len({before, waits, client.get("/publishing/mark").json()["mark"]}) == 3


def test_building_once_more(worker: Worker, signed_in: Callable[..., Client]) -> None:
    signed_in("publisher").post("/publishing/again")
    assert waiting().count() == 1 and worker.turn() is True
    assert Publication.objects.get().state == Publication.State.SERVED


def test_an_answer_is_switched_off_and_on(guidance: None, var: Path, signed_in: Callable[..., Client]) -> None:
    client, path = signed_in("publisher"), var / "releases" / FILE
    for data, said in (
        ({"answer": CASH}, "This field is required"),
        ({"comment": "why"}, "one of the two"),
        ({"answer": CASH, "other": "administration:zz", "comment": "why"}, "one of the two"),
        ({"answer": "no such thing", "comment": "why"}, "No published answer"),
        ({"answer": "mu", "comment": "why"}, "Several answers fit"),
        ({"other": "channel:fax", "comment": "why"}, "Select a valid choice"),
    ):
        assert said in client.post("/publishing/switches", data).content.decode(), data
        assert not path.exists()
    client.post("/publishing/switches", {"answer": "must i DECLARE", "comment": "wrong figure"})
    (off,) = read_switches(path).off
    assert (off.target, off.comment) == (f"entry:{CASH}", "wrong figure") and off.by.startswith("publisher")
    row = AuditRow.objects.get(action="publishing.switch_off")
    assert (row.comment, row.details["target"]) == ("wrong figure", f"entry:{CASH}")
    assert "wrong figure" in client.get("/publishing/switches").content.decode()
    client.post("/publishing/switches/on", {"target": off.target})
    assert read_switches(path).off == () and AuditRow.objects.filter(action="publishing.switch_on").exists()
    client.post("/publishing/switches/on", {"target": off.target})
    assert AuditRow.objects.filter(action="publishing.switch_on").count() == 1, "what is not off is not switched on"


@pytest.mark.parametrize("target", ["administration:zz", "topic:zz/cash", "channel:telegram"])
def test_larger_things_are_chosen(guidance: None, var: Path, signed_in: Callable[..., Client], target: str) -> None:
    signed_in("publisher").post("/publishing/switches", {"other": target, "comment": "why"})
    assert [off.target for off in read_switches(var / "releases" / FILE).off] == [target]


def test_a_publisher_switches_only_the_own_administration(
    guidance: None, var: Path, signed_in: Callable[..., Client]
) -> None:
    client, path = signed_in("publisher", "aa"), var / "releases" / FILE
    assert "do not work on" in client.post("/publishing/switches", {"answer": CASH, "comment": "why"}).content.decode()
    for target in ("administration:zz", "channel:telegram"):
        client.post("/publishing/switches", {"other": target, "comment": "why"})
    assert refused(client.post("/publishing/switches/on", {"target": "entry:zz.a"}))
    assert refused(client.post("/publishing/releases/x/back", {"comment": "why"})), "going back concerns everybody"
    assert not path.exists()


def test_a_notice_goes_up_and_down(guidance: None, var: Path, signed_in: Callable[..., Client]) -> None:
    client, path = signed_in("publisher"), var / "releases" / FILE
    good: dict[str, Any] = {
        "others": ["topic:zz/cash"],
        "text_en": "Strike on Monday",
        "text_ar": "إضراب",
        "comment": "told by phone",
    }
    for change, said in (
        ({"text_en": ""}, "This field is required"),
        ({"others": []}, "in which answers"),
        ({"start": "2030-01-02T10:00", "until": "2030-01-02T10:00"}, "end before it begins"),
        ({"comment": ""}, "This field is required"),
    ):
        assert said in client.post("/publishing/notices", good | change).content.decode(), change
    client.post("/publishing/notices", good | {"until": "2030-01-02T10:00"})
    (notice,) = read_switches(path).notices
    assert notice.text == {"en": "Strike on Monday", "ar": "إضراب"} and notice.targets == ("topic:zz/cash",)
    assert notice.until.isoformat() == "2030-01-02T10:00:00+00:00"
    assert "Strike on Monday" in client.get("/publishing/notices").content.decode()
    client.post(f"/publishing/notices/{notice.id}/down")
    assert read_switches(path).notices == ()
    assert [row.action for row in AuditRow.objects.filter(action__contains="notice").order_by("pk")] == [
        "publishing.notice_up", "publishing.notice_down",
    ]  # fmt: skip


def test_a_spoilt_file_of_switches_is_said_on_the_page(
    guidance: None, var: Path, signed_in: Callable[..., Client]
) -> None:
    path = var / "releases" / FILE
    path.parent.mkdir(parents=True)
    path.write_text("{", encoding="utf-8")
    for page in ("switches", "notices"):
        assert "cannot be read" in signed_in("auditor").get(f"/publishing/{page}").content.decode()


def test_the_state_says_that_the_knowledge_is_being_made(
    var: Path, guidance: None, signed_in: Callable[..., Client]
) -> None:
    client = signed_in("author")
    with bootstrap_knowledge._maker(var) as state:
        bootstrap_knowledge._tell(state, "release")
        assert b"is being made" in client.get("/publishing/").content
        bootstrap_knowledge._tell(state, "release", "the step failed")
    assert b"could not be made" in client.get("/publishing/").content
    (var / bootstrap_knowledge.STATE).write_text("")
    page = client.get("/publishing/").content
    assert b"being made" not in page and b"could not be made" not in page
