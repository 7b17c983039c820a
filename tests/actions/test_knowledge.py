"""The served release: missing, damaged, swapped while people ask."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import threading
import time
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Service
from actions.knowledge import Knowledge
from knowledge_base.errors import ReleaseError
from knowledge_base.index.release import switch_to
from tests.actions.support import DAY, FIXTURES, Conversation, WordEncoder, build_fixture, settings_for


@pytest.fixture
def var_dir(fixture_var: Path, tmp_path: Path) -> Path:
    """A var folder of the test's own with a good release of both administrations."""
    shutil.copytree(fixture_var, tmp_path / "var", symlinks=True)
    return tmp_path / "var"


def serve(monkeypatch: pytest.MonkeyPatch, var_dir: Path) -> Knowledge:
    settings = settings_for(var_dir)
    knowledge = Knowledge(settings, WordEncoder())
    monkeypatch.setattr(Service, "settings", settings, raising=False)
    monkeypatch.setattr(Service, "knowledge", knowledge, raising=False)
    return knowledge


def test_without_a_release_it_says_so_and_recovers_without_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    knowledge = serve(monkeypatch, tmp_path)
    talk = Conversation()
    assert talk.say("how much wine can i bring to meridia").verdict == ("failed", "no_release")
    assert "bin/customs build" in knowledge.problem
    with pytest.raises(ReleaseError, match="There is no release"):
        _ = knowledge.searcher
    assert knowledge.refresh() is False
    assert len([record for record in caplog.records if "release not opened" in record.getMessage()]) == 1
    build_fixture(tmp_path)
    assert knowledge.refresh() is True
    assert knowledge.problem is None
    assert talk.say("how much wine can i bring to meridia").entry == "qm.alcohol.allowance"


def test_a_new_release_shares_what_did_not_change(tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(FIXTURES / "packs", content)
    build_fixture(tmp_path, content=content)
    knowledge = Knowledge(settings_for(tmp_path), WordEncoder())
    before = knowledge.served.release
    sources = content / "qn" / "sources.yml"  # no text that is searched
    sources.write_text(sources.read_text("utf-8").replace("Norland for travellers", "Norland newly told"), "utf-8")
    build_fixture(tmp_path, content=content)
    assert knowledge.refresh()
    after = knowledge.served.release
    assert after.shelves["qm"] is before.shelves["qm"], "opened once for both"
    assert after.shelves["qn"].sources["qn-general"].title == "Norland newly told"
    assert before.shelves["qn"].sources["qn-general"].title == "Norland for travellers"
    told = json.loads((before.folder / "qn" / "pack.json").read_text("utf-8"))
    assert told["sources"][0]["title"] == "Norland for travellers", "the release before is as it was"


def test_the_watcher_finds_a_new_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    knowledge = serve(monkeypatch, tmp_path)
    knowledge.watch(0.02)
    build_fixture(tmp_path)
    deadline = time.monotonic() + 20
    while knowledge.release_id is None and time.monotonic() < deadline:
        time.sleep(0.02)
    assert Conversation().say("how much wine can i bring to meridia").entry == "qm.alcohol.allowance"


@pytest.mark.parametrize("damage", ["manifest.json", "qm/pack.json", "qm/bank/questions.npy", "scope.npz"])
@pytest.mark.parametrize("how", ["gone", "spoilt"])
def test_a_damaged_release_leaves_the_last_good_one_serving(
    var_dir: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, damage: str, how: str
) -> None:
    knowledge = serve(monkeypatch, var_dir)
    good = knowledge.release_id
    bad = var_dir / "releases" / "20261122-damaged"
    shutil.copytree(var_dir / "releases" / good, bad)
    if how == "gone":
        (bad / damage).unlink()
    else:
        (bad / damage).write_bytes(b"{\xff")
    switch_to(bad)
    assert knowledge.refresh() is False
    assert knowledge.problem
    assert any(record.levelno == logging.ERROR for record in caplog.records)
    answer = Conversation().say("how much wine can i bring to meridia")
    assert (answer.entry, answer.release) == ("qm.alcohol.allowance", good)
    switch_to(var_dir / "releases" / good)
    knowledge.refresh()
    assert Conversation().say("declare cash in norland").outcome == "answered"


def test_a_release_for_another_encoder_is_refused(var_dir: Path) -> None:
    other = WordEncoder()
    other.id = "words@2"
    knowledge = Knowledge(settings_for(var_dir), other)
    assert knowledge.served is None
    assert "words@2" in knowledge.problem


def test_an_administration_that_the_new_release_lacks_is_asked_for(
    var_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowledge = serve(monkeypatch, var_dir)
    talk = Conversation()
    assert talk.say("declare cash in norland").administration == "qn"
    build_fixture(var_dir, ("qm",))
    assert knowledge.refresh()
    answer = talk.say("how much wine can i bring")
    assert answer.entry == "qm.alcohol.allowance", "only one administration is left to ask"


def test_swapping_while_people_ask_loses_nothing(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads ask without a pause while two releases take turns; each reply is whole and of one release."""
    knowledge = serve(monkeypatch, var_dir)
    both = knowledge.served.release.folder
    one = build_fixture(var_dir, ("qm",), DAY)
    assert one != both
    replies: list[dict] = []
    stop = threading.Event()
    action = Conversation._actions["action_answer_question"]

    def ask(number: int) -> None:
        async def run() -> None:
            while not stop.is_set():
                message = {"text": "how much wine can i bring to meridia", "metadata": {"date": DAY.isoformat()}}
                tracker = Tracker(f"t-{number}", {}, message, [], False, None, {}, "action_listen")
                dispatcher = CollectingDispatcher()
                await action.run(dispatcher, tracker, {})
                replies.append(dispatcher.messages[0]["custom"])
                await asyncio.sleep(0.005)

        asyncio.run(run())

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    swaps = turn = 0
    until = time.monotonic() + 60
    while (swaps < 5 or len(replies) <= 20) and time.monotonic() < until:
        switch_to(one if turn % 2 else both)
        swaps += knowledge.refresh()
        turn += 1
        time.sleep(0.03)
    stop.set()
    for thread in threads:
        thread.join()
    assert swaps >= 5
    assert len(replies) > 20
    assert {(reply["outcome"], reply["entry"]) for reply in replies} == {("answered", "qm.alcohol.allowance")}
    assert {reply["release"] for reply in replies} == {one.name, both.name}


def test_a_turn_keeps_the_release_that_it_began_with(var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The release is swapped for one without Norland in the middle of a question about it."""
    both = (var_dir / "releases" / "current").resolve()
    one = build_fixture(var_dir, ("qm",))
    switch_to(both)
    knowledge = serve(monkeypatch, var_dir)
    first = knowledge.served
    search = first.searcher.search

    def search_and_swap(question):
        found = search(question)
        switch_to(one)
        knowledge.refresh()
        return found

    monkeypatch.setattr(first.searcher, "search", search_and_swap)
    answer = Conversation().say("can i ride my horse to norland")
    assert (answer.entry, answer.release) == ("qn.horses.import", first.release.id)
    assert knowledge.release_id != first.release.id
