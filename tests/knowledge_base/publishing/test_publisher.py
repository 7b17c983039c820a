"""A publication goes live whole or not at all, says why not, and nobody's change is lost."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from knowledge_base.index.manifest import CONSOLE, CONTENT, CURRENT
from knowledge_base.index.release import open_release
from knowledge_base.publishing.history import history
from knowledge_base.publishing.publisher import BUILD, CHECK, EVALUATE, STEPS, SWITCH, PublicationStopped, Publisher
from knowledge_base.publishing.rolling_back import origin_of, roll_back
from knowledge_base.publishing.trial import TrialReport, Worse
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.publishing.conftest import DAY, SetTrial, change


def served(publisher: Publisher) -> str:
    return (publisher.releases / CURRENT).resolve().name


def answer(publisher: Publisher) -> str:
    release = open_release(publisher.releases / CURRENT, KeywordEncoder())
    return release.entry("zz.cash.declare").answer


def test_a_changed_answer_is_served_and_told(publisher: Publisher, content: Path, trial: SetTrial) -> None:
    first = publisher.publish(content, day=DAY)
    change(content, "Yes, always above")
    steps: list[str] = []
    done = publisher.publish(content, by="huda", comment="clearer", day=DAY, on_step=steps.append)
    assert steps == list(STEPS) and set(done.seconds) == set(STEPS)
    assert done.is_new and done.release == served(publisher) != first.release
    assert answer(publisher).startswith("Yes, always above")
    assert [(each.kind, each.how, each.id, each.keys) for each in done.changes] == [
        ("entry", "changed", "zz.cash.declare", ("answer",))
    ]
    assert trial.judged == [first.release, done.release]
    last = history(publisher.releases)[-1]
    assert (last.release, last.how, last.by, last.comment) == (done.release, "published", "huda", "clearer")


def test_the_same_again_changes_nothing(publisher: Publisher, content: Path) -> None:
    first = publisher.publish(content, day=DAY)
    again = publisher.publish(content, day=DAY)
    assert (again.release, again.is_new, again.changes) == (first.release, False, ())
    assert len(history(publisher.releases)) == 1


def test_a_pack_with_a_fault_stops_at_the_check(publisher: Publisher, content: Path) -> None:
    first = publisher.publish(content, day=DAY)
    change(content, "Yes, from {zz.no.such} and")
    with pytest.raises(PublicationStopped) as stopped:
        publisher.publish(content, day=DAY)
    assert stopped.value.step == CHECK
    assert any(
        "zz/faq/cash.yml: zz.cash.declare" in reason and "zz.no.such" in reason for reason in stopped.value.reasons
    )
    assert not any(str(content) in reason for reason in stopped.value.reasons), "staff know the pack, not the folder"
    assert served(publisher) == first.release


def test_a_release_that_answers_worse_is_not_served(publisher: Publisher, content: Path, trial: SetTrial) -> None:
    first = publisher.publish(content, day=DAY)
    change(content, "No, never, not even")
    worse = Worse("gb-7", "how much cash", ("zz.cash.declare",), "answered zz.alcohol.wine")
    trial.report = TrialReport(10, 10, ("answerable_right is 0.700, expected at least 0.74",), (worse,))
    with pytest.raises(PublicationStopped) as stopped:
        publisher.publish(content, day=DAY)
    assert stopped.value.step == EVALUATE
    assert "answerable_right is 0.700" in str(stopped.value) and "“how much cash” got worse" in str(stopped.value)
    assert served(publisher) == first.release
    assert [folder.name for folder in publisher.releases.glob("2*")] == [first.release], "what failed is not kept"
    trial.report = TrialReport(10, 10, (), (worse,))
    assert publisher.publish(content, day=DAY).trial.worse == (worse,), (
        "one question alone is told, and does not stop it"
    )


def test_a_build_that_fails_leaves_the_served_release(
    publisher: Publisher, content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publisher.publish(content, day=DAY)
    change(content, "Yes, a lot above")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("knowledge_base.index.release.hashes", full)
        with pytest.raises(PublicationStopped) as stopped:
            publisher.publish(content, day=DAY)
    assert stopped.value.step == BUILD and "No space left" in str(stopped.value)
    assert served(publisher) == first.release
    assert not [path for path in publisher.releases.iterdir() if path.name.startswith((".2", ".content"))]
    assert publisher.publish(content, day=DAY).is_new


def test_there_is_nothing_to_publish(publisher: Publisher, tmp_path: Path, content: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(PublicationStopped, match="no administration"):
        publisher.publish(tmp_path / "empty")
    with pytest.raises(PublicationStopped, match="yy"):
        publisher.publish(content, ["yy"])


def test_two_publishers_at_once_lose_no_change(content: Path, tmp_path: Path) -> None:
    """Each writes what is published when it is its turn, as the console does: the last release holds both changes."""
    var, live, lock = tmp_path / "var", tmp_path / "live", threading.Lock()
    shutil.copytree(content, live)
    Publisher(var, KeywordEncoder(), []).publish(live, day=DAY)
    failures: list[BaseException] = []

    def write(folder: Path) -> None:
        with lock:
            shutil.copytree(live, folder, dirs_exist_ok=True)

    def work(entry_file: str, old: str, new: str) -> None:
        try:
            with lock:
                file = live / "zz" / "faq" / entry_file
                file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
            Publisher(var, KeywordEncoder(), []).publish(write, day=DAY)
        except BaseException as error:  # noqa: BLE001 - told below, where the test sees it
            failures.append(error)

    changes = [
        ("cash.yml", "Must I declare cash?", "Must I tell of cash?"),
        ("alcohol.yml", "How much wine?", "Any wine?"),
    ]
    threads = [threading.Thread(target=work, args=each) for each in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    release = open_release(var / "releases" / CURRENT, KeywordEncoder())
    assert release.entry("zz.cash.declare").title == "Must I tell of cash?"
    assert release.entry("zz.alcohol.wine").title == "Any wine?"
    assert 2 <= len(history(var / "releases")) <= 3


def test_going_back_while_something_is_built_is_not_built_over(
    publisher: Publisher, content: Path, trial: SetTrial
) -> None:
    first = publisher.publish(content, day=DAY)
    change(content, "Yes, surely from")
    publisher.publish(content, day=DAY)
    change(content, "Yes, most surely from")
    trial.meanwhile = lambda: roll_back(publisher.releases, first.release)
    with pytest.raises(PublicationStopped) as stopped:
        publisher.publish(content, day=DAY)
    assert stopped.value.step == SWITCH and first.release in str(stopped.value)
    assert served(publisher) == first.release


def test_what_was_served_before_comes_again_without_a_build(publisher: Publisher, content: Path) -> None:
    first = publisher.publish(content, day=DAY)
    original = (content / "zz" / "faq" / "cash.yml").read_text(encoding="utf-8")
    change(content, "Yes, but only from")
    publisher.publish(content, day=DAY)
    (content / "zz" / "faq" / "cash.yml").write_text(original, encoding="utf-8")
    manifest = publisher.releases / first.release / "manifest.json"
    written = manifest.stat().st_mtime_ns
    assert publisher.publish(content, day=DAY).release == first.release == served(publisher)
    assert manifest.stat().st_mtime_ns == written


def test_the_console_keeps_its_packs_in_the_release(publisher: Publisher, content: Path) -> None:
    folder = publisher.publish(content, day=DAY)
    console = publisher.publish(lambda aside: shutil.copytree(content / "zz", aside / "zz"), origin=CONSOLE, day=DAY)
    assert console.is_new and console.release != folder.release, "another publisher is another release"
    current = publisher.releases / CURRENT
    assert origin_of(current) == CONSOLE
    kept, original = current / CONTENT / "zz", content / "zz"
    assert {str(path.relative_to(kept)): path.read_bytes() for path in kept.rglob("*.yml")} == {
        str(path.relative_to(original)): path.read_bytes() for path in original.rglob("*.yml")
    }
