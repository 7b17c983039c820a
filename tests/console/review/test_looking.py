"""What was found is worked out beside the pages, once for each draft, and told in each reader's language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import reverse
from wagtail.users.models import UserProfile

from customs.settings import ROOT
from knowledge_base.console.guidance.models import Entry
from knowledge_base.console.review import findings as found_of
from knowledge_base.console.review import looking
from knowledge_base.console.review.drafts import draft_of

pytestmark = pytest.mark.django_db
NEW = "Yes: each adult may bring {qm.alcohol.wine} of wine or mead.\n"
AJAX = {"X-Requested-With": "XMLHttpRequest"}
SECONDS = 60


def url(item: Any, name: str) -> str:
    return reverse(f"review:{name}", args=[item._meta.model_name, item.pk])


def when_done(client: Any, item: Any) -> str:
    until = time.monotonic() + SECONDS
    while "<progress" in (text := client.get(url(item, "found"), headers=AJAX).content.decode()):
        assert time.monotonic() < until, "it is never done"
    return text


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, list[int]]]:
    """The asking of questions waits until the event is set; the list gets a number for each time that it began."""
    go, begun = threading.Event(), []
    real = found_of.moves

    def slow(*args: Any) -> Any:
        begun.append(1)
        assert go.wait(SECONDS)
        return real(*args)

    monkeypatch.setattr(found_of, "moves", slow)
    monkeypatch.setattr(found_of, "_AT_ONCE", 10_000)
    yield go, begun
    go.set()
    assert all(job.ended.wait(SECONDS) for job in list(looking._jobs.values())), "it would ask in the next test"


@pytest.fixture
def item(draft: Callable[..., Entry], person: Callable[..., Any]) -> Entry:
    return draft(person("ann", "author"), NEW, [f"may i bring mead number {time.time_ns()}"])


def test_the_pages_stand_while_it_is_worked_out_and_it_is_worked_out_once(item, person, browse, held) -> None:
    go, begun = held
    client = browse(person("vera", "reviewer"))
    first = client.get(url(item, "found"), headers=AJAX).content.decode()
    assert "<progress" in first and "Being worked out" in first
    assert client.get(url(item, "review")).status_code == 200
    assert "<progress" in client.get(url(item, "found"), headers=AJAX).content.decode()
    go.set()
    text = when_done(client, item)
    assert "example questions" in text and len(begun) == 1
    assert when_done(browse(person("max", "reviewer")), item) == text and len(begun) == 1


def test_without_a_script_there_is_a_way_to_look_again(item, person, browse, held) -> None:
    client = browse(person("vera", "reviewer"))
    page = BeautifulSoup(client.get(url(item, "found")).content, "html.parser")
    assert page.find("progress") and page.find("a", string="Look again")["href"] == url(item, "found")


def test_a_newer_draft_is_looked_at_anew(item, draft, person, browse, held) -> None:
    go, begun = held
    go.set()
    client = browse(person("vera", "reviewer"))
    when_done(client, item)
    draft(person("bob", "author"), NEW.replace("mead", "cider"))
    when_done(client, item)
    assert len(begun) == 2


def test_the_page_itself_loads_nothing_that_takes_seconds() -> None:
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'knowledge_base.console.settings'; django.setup();"
        "import knowledge_base.console.review.views;"
        "print([name for name in ('faiss', 'torch', 'sklearn', 'onnxruntime', 'rasa_sdk') if name in sys.modules])"
    )
    environ = os.environ | {"CUSTOMS_VAR_DIR": str(settings.HOME.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environ, cwd=ROOT)
    assert done.stdout.strip() == "[]", done


def test_it_tells_how_far_it_is(item, served, held) -> None:
    go, _ = held
    seen: list[tuple[int, int]] = []
    go.set()
    found = found_of.findings(draft_of(item), lambda done, of: seen.append((done, of)))
    every = found.asked + found.judged
    assert seen == [(0, every), (every, every)]


def test_another_process_finds_the_result_and_does_not_begin_what_one_works_on(item, person, browse, held) -> None:
    go, begun = held
    client = browse(person("vera", "reviewer"))
    client.get(url(item, "found"), headers=AJAX)
    until = time.monotonic() + SECONDS
    while not begun and time.monotonic() < until:
        time.sleep(0.01)
    own = dict(looking._jobs)
    looking._jobs.clear()  # as in a process that has begun nothing
    looking._versions.clear()
    assert "<progress" in client.get(url(item, "found"), headers=AJAX).content.decode()
    assert not set(looking._jobs) & set(own), "what another process works on was begun again"
    go.set()
    assert all(job.ended.wait(SECONDS) for job in own.values())
    assert "example questions" in when_done(client, item) and len(begun) == 1


def test_a_file_that_a_crash_left_is_no_result_for_ever(item, person, browse, held, monkeypatch) -> None:
    go, begun = held
    go.set()
    client = browse(person("vera", "reviewer"))
    folder = settings.HOME.parent / "review" / "console" / "looked"
    when_done(client, item)
    path = max(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    looking._jobs.clear()
    path.write_text(json.dumps({"done": 3, "of": 9}), encoding="utf-8")
    assert 'value="3"' in client.get(url(item, "found"), headers=AJAX).content.decode()
    monkeypatch.setattr(looking, "SILENT_S", 0.0)
    assert "example questions" in when_done(client, item) and len(begun) == 2


def test_a_failure_is_told_in_the_reader_s_language_and_tried_again_later(item, person, browse, monkeypatch) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(found_of, "moves", broken)
    vera = person("vera", "reviewer")
    client = browse(vera)
    assert "This could not be worked out" in when_done(client, item)
    UserProfile.objects.update_or_create(user=vera, defaults={"preferred_language": "fr"})
    french = when_done(browse(type(vera).objects.get(pk=vera.pk)), item)
    assert "This could not" not in french and "help-warning" in french
    monkeypatch.undo()


def test_verdicts_are_put_into_the_reader_s_words_when_they_are_shown(served, person, browse) -> None:
    from knowledge_base.console.guidance.models import Question

    ann, vera = person("ann", "author"), person("vera", "reviewer")
    entry = Entry.objects.get(key="qm.alcohol.over").latest()
    lines = ("the ferry timetable", "where is the lost luggage desk", "parking near the harbour")
    entry.questions = [Question(language="en", text=text, sort_order=number) for number, text in enumerate(lines)]
    entry.title, entry.answer = "When does the ferry leave?", "Ask at the desk.\n"
    entry.save_revision(user=ann)
    english = when_done(browse(vera), entry)
    assert "declined: " in english.lower() and "worse" in english
    UserProfile.objects.update_or_create(user=vera, defaults={"preferred_language": "fr"})
    assert "declined" not in when_done(browse(type(vera).objects.get(pk=vera.pk)), entry).lower()
