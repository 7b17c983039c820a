"""The queue: who sees it, what it shows, what is written down when a conversation is read."""

from __future__ import annotations

import os
import re
import threading
import time

import pytest
from django.conf import settings
from django.urls import reverse

from knowledge_base.console.guidance.models import AuditRow
from knowledge_base.console.unanswered.grouper import group_all, grouping_beside
from knowledge_base.console.unanswered.models import QuestionGroup

QUEUE = "/unanswered/"


def cells(page: str) -> list[str]:
    """The text of each row of the table."""
    body = re.search('class="asked-table">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    return (
        [" ".join(re.sub("<[^>]*>", " ", row).split()) for row in re.findall("<tr>(.*?)</tr>", body[1], re.DOTALL)]
        if body
        else []
    )


@pytest.mark.parametrize("role", ["author", "translator", "reviewer", "publisher", "analyst", "auditor"])
def test_these_roles_read_the_queue(signed_in, store, ask, role):
    ask("can i bring a drone", group="g1")
    assert "can i bring a drone" in signed_in(role).get(QUEUE).content.decode()


@pytest.mark.parametrize("roles", [(), ("manager",)])
def test_others_do_not(signed_in, store, ask, roles):
    turn = ask("can i bring a drone", group="g1")
    client = signed_in(*roles)
    for path in (QUEUE, "/unanswered/g1/", f"/unanswered/conversation/{turn}/"):
        response = client.get(path)
        assert response.status_code == 302 and "drone" not in response.content.decode()
    assert not AuditRow.objects.filter(action="conversation.read").exists()


def test_without_signing_in_there_is_the_sign_in(client, db):
    response = client.get(QUEUE)
    assert response.status_code == 302 and "login" in response["Location"]


def test_groups_by_people_with_trend_reasons_and_languages(signed_in, store, ask):
    for person, days in (("a", 1), ("a", 2), ("b", 3), ("c", 9)):
        ask("can i bring a drone", person, days, group="g1", language="fr" if person == "c" else "en")
    ask("honey in my bag", "d", 2, group="g2", outcome="failed", reason="timeout", administration=None)
    drone, honey = cells(signed_in("analyst").get(QUEUE).content.decode())
    assert re.match(r"can i bring a drone 3 2 ▲.* no guidance 3 GB 3 English 2 Français 1", drone)
    assert re.match(r"honey in my bag 1 1 .*failed 1 – 1 English 1", honey)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"drone", "honey", "piano"}),
        ("?kind=failed", {"honey"}),
        ("?administration=none", {"honey"}),
        ("?administration=ae", {"piano"}),
        ("?language=ar", {"piano"}),
        ("?channel=telegram", {"piano"}),
        ("?period=7", {"drone", "honey"}),
        ("?state=dismissed", set()),
        ("?kind=nonsense&period=x&p=99", {"drone", "honey", "piano"}),
    ],
)
def test_filters(signed_in, guidance, store, ask, query, shown):
    ask("drone", group="g1")
    ask("honey", group="g2", outcome="failed", reason="timeout", administration=None)
    ask("piano", group="g3", days_ago=20, administration="ae", language="ar", channel="telegram")
    page = signed_in("analyst").get(QUEUE + query).content.decode()
    assert {word for word in ("drone", "honey", "piano") if any(row.startswith(word) for row in cells(page))} == shown


def test_only_what_waits_is_there_and_personal_data_is_not(signed_in, store, ask):
    ask("answered well", outcome="answered", reason=None)
    ask("thanks", outcome="smalltalk", reason=None)
    ask("bad answer", outcome="answered", reason=None, rating="down", group="g1")
    rows = cells(signed_in("analyst").get(QUEUE).content.decode())
    assert len(rows) == 1 and rows[0].startswith("bad answer")


def test_new_questions_are_grouped_by_the_real_encoder(signed_in, store, ask):
    if not (settings.HOME.parent / "releases" / "current").exists():
        pytest.fail("No release was built: run `make setup`.")
    ask("can i bring cbd gummies", "a")
    ask("is cbd allowed in luggage", "b")
    ask("how to contest a customs fine", "c")
    page = signed_in("analyst", name="before").get(QUEUE).content.decode()
    assert len(cells(page)) == 3 and "within a few minutes: 3." in page
    assert group_all(store) == 3 and group_all(store) == 0
    rows = cells(signed_in("analyst").get(QUEUE).content.decode())
    assert len(rows) == 2 and "cbd" in rows[0] and " 2 " in rows[0]


def test_the_worker_groups_what_comes_in_while_it_runs(store, ask):
    if not (settings.HOME.parent / "releases" / "current").exists():
        pytest.fail("No release was built: run `make setup`.")
    stop = threading.Event()
    with grouping_beside(stop, every_s=0.05):
        for said in ("can i bring cbd gummies", "how to contest a customs fine"):
            turn = ask(said)
            deadline = time.monotonic() + 60
            while store.turn(turn).group_id is None and time.monotonic() < deadline:
                time.sleep(0.05)
            assert store.turn(turn).group_id
    assert "grouping" not in {thread.name for thread in threading.enumerate()}


def test_without_a_release_questions_stand_alone_and_the_page_says_why(signed_in, store, ask, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "HOME", tmp_path / "console")
    from customs.asked import AskedTurn, Store

    other = Store(os.environ.get("CUSTOMS_ASKED_DATABASE_URL") or tmp_path / "asked.db")
    other.add([AskedTurn("t1", 1_795_000_000.0, "a", "web", "a drone", False, "declined", "no_guidance")])
    other.close()
    page = signed_in("analyst").get(QUEUE).content.decode()
    assert "a drone" in page and "once there is a release" in page


def test_a_conversation_shows_six_before_and_three_after_and_each_read_is_kept(signed_in, store, ask):
    turns = [ask(f"question {number:02}", days_ago=2 - number / 100) for number in range(12)]
    ask("of somebody else", "bert", days_ago=1.95)
    client = signed_in("analyst")
    for reads in (1, 2):
        page = client.get(f"/unanswered/conversation/{turns[7]}/").content.decode()
        assert re.findall(r"question \d\d", re.sub("<title.*?/title>", "", page)) == [
            f"question {number:02}" for number in range(1, 11)
        ]
        assert "of somebody else" not in page
        rows = AuditRow.objects.filter(action="conversation.read")
        assert rows.count() == reads and rows[0].who == client.user and rows[0].details["turn"] == turns[7]


def test_a_choice_by_its_number_is_told_in_words_and_a_typed_number_is_not(signed_in, store, ask):
    turn = ask("#2", pressed=True)
    ask("#3", days_ago=0.9)
    page = signed_in("analyst").get(f"/unanswered/conversation/{turn}/").content.decode()
    assert "number 2 of the choices above" in page and "<strong>#3</strong>" in page


def test_what_is_gone_is_a_404(signed_in, store):
    client = signed_in("analyst")
    assert client.get("/unanswered/conversation/gone/").status_code == 404
    assert client.get("/unanswered/gone/").status_code == 404
    assert not AuditRow.objects.filter(action="conversation.read").exists()


def test_words_of_people_are_never_markup(signed_in, store, ask):
    turn = ask("<script>alert(1)</script>", group="g1", answer="<b>no</b>")
    client = signed_in("analyst")
    for path in (QUEUE, "/unanswered/g1/", f"/unanswered/conversation/{turn}/"):
        page = client.get(path).content.decode()
        assert "<script>alert(1)" not in page and "<b>no</b>" not in page


def test_the_turnaround_is_the_median_of_the_last_month(signed_in, store, ask):
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    for number, hours in enumerate((2, 4, 60)):
        QuestionGroup.objects.create(
            key=f"g{number}", state="answered", asked_at=now - timedelta(hours=hours), settled_at=now
        )
    assert "4.0 hours" in signed_in("analyst").get(QUEUE).content.decode()


def test_the_queue_has_pages(signed_in, store, ask):
    for number in range(30):
        ask(f"question {number}", f"p{number}", group=f"g{number}")
    client = signed_in("analyst")
    assert len(cells(client.get(QUEUE).content.decode())) == 25
    assert len(cells(client.get(QUEUE + "?p=2").content.decode())) == 5


def test_the_menu_shows_it_to_those_who_may(signed_in, db):
    address = reverse("unanswered:queue")
    assert address in signed_in("analyst").get("/", follow=True).content.decode()
    assert f'href="{address}"' not in signed_in("manager").get("/", follow=True).content.decode()
