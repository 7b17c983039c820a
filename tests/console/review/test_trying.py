"""Asking the assistant from a draft, and asking again what people asked."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from customs import trying
from customs.asked import AskedTurn, Store
from knowledge_base.console.guidance.models import AuditRow, Entry

pytestmark = pytest.mark.django_db
NEW = "Yes: each adult may bring {qm.alcohol.wine} of wine or mead.\n"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    from knowledge_base.console.review import replaying, try_views

    real = trying.ask_release
    for module in (
        try_views,
        replaying,
    ):  # a machine that runs the tests may be slow; the time-out has a test of its own
        monkeypatch.setattr(module, "ask_release", lambda *given: real(*given[:5], deadline_s=60.0))
    monkeypatch.setattr(replaying, "MOST_SECONDS", 120.0)


def url(item: Any, name: str = "try") -> str:
    return reverse(f"review:{name}", args=[item._meta.model_name, item.pk])


@pytest.fixture
def asked() -> Any:
    store = Store(settings.HOME.parent / "asked.db")
    store.db.execute("DELETE FROM turns")

    def add(number: int, said: str, **given: Any) -> None:
        base = {"channel": "web", "pressed": False, "outcome": "answered", "language": "en", "administration": "qm"}
        store.add([AskedTurn(f"r{number}", time.time() - number * 3600, f"p{number}", said=said, **base | given)])

    yield add
    store.db.execute("DELETE FROM turns")
    store.close()


def test_the_draft_answers_as_if_it_were_published(draft, person, browse) -> None:
    item = draft(person("ann", "author"), NEW)
    page = (
        browse(person("tom", "translator")).post(url(item), {"question": "how much wine can i bring"}).content.decode()
    )
    assert "3 litres of wine or mead" in page and "3 litres of wine free of duty" in page
    assert "sure that it answers" in page and "how much wine can i bring" in page
    assert "or mead" not in Entry.objects.get(pk=item.pk).answer, "nothing is published"


def test_a_new_wording_finds_the_draft(draft, person, browse) -> None:
    item = draft(person("ann", "author"), None, ["fermented honey for the wedding"])
    page = (
        browse(person("tom", "author"))
        .post(
            url(item), {"question": "fermented honey for the wedding"}, headers={"X-Requested-With": "XMLHttpRequest"}
        )
        .content.decode()
    )
    assert "fermented honey for the wedding" in page and "<html" not in page.split("srcdoc")[0]


@pytest.mark.parametrize("question", ["", "   ", "/start", "{", "x" * 5000, "'; drop table--", "\u202e?"])
def test_no_question_breaks_the_page(draft, person, browse, question) -> None:
    item = draft(person("ann", "author"), NEW)
    assert browse(person("tom", "author")).post(url(item), {"question": question}).status_code == 200


def test_what_takes_too_long_is_said(draft, person) -> None:
    from knowledge_base.console.review import desk
    from knowledge_base.console.review.drafts import draft_of

    searcher = desk.searcher_of(draft_of(draft(person("ann", "author"), NEW)))
    tried = trying.ask_release(searcher, "wine?", desk.settings(), "qm", None, deadline_s=1e-6)
    assert tried.outcome == ("failed", "timeout", None) and tried.text


def test_last_month_s_questions_are_asked_again(draft, person, browse, asked) -> None:
    asked(1, "how much wine can i bring")
    asked(2, "How much wine can I bring")
    asked(3, "can i bring my dog")
    asked(4, "wine allowance", pressed=True)
    asked(24 * 40, "bottles of wine free of duty")
    item = draft(person("ann", "author"), NEW)
    client = browse(person("rae", "reviewer"))
    page = client.post(url(item, "replay")).content.decode()
    assert "2 of 2 different questions were asked; the reply to 1 would change" in " ".join(page.split())
    assert "how much wine can i bring" in page and "can i bring my dog" not in page
    told = client.post(url(item, "replay"), {"as": "csv"})
    lines = told.content.decode("utf-8-sig").splitlines()
    assert told["Content-Type"].startswith("text/csv") and "how much wine can i bring,2," in "\n".join(lines)
    assert "or mead" in told.content.decode()
    assert AuditRow.objects.filter(action="questions.replay", name="rae").count() == 2


def test_who_may_not_read_questions_may_not_replay_them(draft, person, browse) -> None:
    item = draft(person("ann", "author"), NEW)
    reply = browse(person("max", "manager")).post(url(item, "replay"))
    assert reply.status_code in (302, 403) and not AuditRow.objects.filter(action="questions.replay").exists()


def test_the_editor_has_the_panel(draft, person, browse) -> None:
    ann = person("ann", "author")
    item = draft(ann, NEW)
    page = browse(ann).get(reverse(Entry.snippet_viewset.get_url_name("edit"), args=[item.pk])).content.decode()
    assert f'data-review-ask="{url(item)}"' in page and "review/review.js" in page


def test_without_a_release_it_is_said(draft, person, browse, monkeypatch) -> None:
    from knowledge_base.console.review import desk

    item = draft(person("ann", "author"), NEW)
    real = desk.settings

    def nowhere() -> Any:
        found = real()
        found.var_dir = settings.HOME.parent / "nowhere"
        return found

    monkeypatch.setattr(desk, "settings", nowhere)
    assert (
        "Nothing is served yet"
        in browse(person("tom", "author")).post(url(item), {"question": "wine"}).content.decode()
    )
    from customs import bootstrap_knowledge

    with bootstrap_knowledge._maker(desk.settings().var_dir) as state:  # as at the first start, while the console is open already
        bootstrap_knowledge._tell(state, "release")
        page = browse(person("tim", "author")).post(url(item), {"question": "wine"}).content.decode()
    assert "is still being made" in page and "Publish something first" not in page
