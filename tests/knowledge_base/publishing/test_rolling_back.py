"""Going back: at once, to any release that is kept, never to one that could not be opened."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from knowledge_base.errors import ReleaseError
from knowledge_base.index.manifest import CURRENT
from knowledge_base.publishing.history import LOG, PUBLISHED, Retention, history, remember, tidy
from knowledge_base.publishing.publisher import Publisher
from knowledge_base.publishing.rolling_back import kept_releases, origin_of, roll_back, served_before
from tests.knowledge_base.publishing.conftest import DAY, change


@pytest.fixture
def three(publisher: Publisher, content: Path) -> list[str]:
    """Three releases, the last one served."""
    found = [publisher.publish(content, day=DAY).release]
    for said in ("Yes, one", "Yes, two"):
        change(content, said)
        found.append(publisher.publish(content, day=DAY).release)
    return found


def test_back_and_forth(publisher: Publisher, three: list[str]) -> None:
    releases = publisher.releases
    row = roll_back(releases, three[0], by="omar", comment="the limit is wrong")
    assert (releases / CURRENT).resolve().name == three[0]
    assert (row.how, row.by, row.comment) == ("rolled back", "omar", "the limit is wrong")
    assert [kept.id for kept in kept_releases(releases)] == [three[0], three[2], three[1]]
    assert [kept.is_served for kept in kept_releases(releases)] == [True, False, False]
    assert served_before(releases, three[2]) == releases / three[1]
    assert served_before(releases, three[0]) is None
    roll_back(releases, three[2])
    assert (releases / CURRENT).resolve().name == three[2]


def test_what_cannot_be_served_is_refused(publisher: Publisher, three: list[str]) -> None:
    releases = publisher.releases
    with pytest.raises(ReleaseError, match=f"no release 'nonsense'.*{three[1]}"):
        roll_back(releases, "nonsense")
    with pytest.raises(ReleaseError, match="served already"):
        roll_back(releases, three[2])
    (releases / three[0] / "zz" / "pack.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ReleaseError, match=r"zz/pack\.json is missing or damaged"):
        roll_back(releases, three[0])
    manifest = releases / three[1] / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"encoder": "other@1"}), encoding="utf-8")
    with pytest.raises(ReleaseError, match="other@1"):
        roll_back(releases, three[1])
    manifest.write_text(json.dumps({"format": 99, "origin": "console"}), encoding="utf-8")
    with pytest.raises(ReleaseError, match="format 99"):
        roll_back(releases, three[1])
    assert origin_of(releases / three[1]) == "console", "who published it is known of any version's release"
    assert (releases / CURRENT).resolve().name == three[2]
    assert [kept.id for kept in kept_releases(releases)] == [three[2], three[0]]


def folders(tmp_path: Path, names: str) -> None:
    for number, name in enumerate(names):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "manifest.json").write_text("{}")
        os.utime(folder / "manifest.json", (number, number))


def test_what_was_served_lately_is_kept_however_many_there_are(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)
    folders(tmp_path, "abcdefg")
    (tmp_path / CURRENT).symlink_to("c")
    for name, days in zip("abcd", (90, 45, 20, 5)):
        remember(tmp_path / name, PUBLISHED, at=now - timedelta(days=days))
    remember(tmp_path / "e", "built", at=now)
    assert tidy(tmp_path, Retention(2, 30), now) == ["e", "a"], "b was served until c was, within the thirty days"
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == set("bcdfg") | {CURRENT}


def test_lines_that_were_cut_short_are_passed_over(tmp_path: Path) -> None:
    folders(tmp_path, "ab")
    remember(tmp_path / "a", PUBLISHED, by="هدى")
    with (tmp_path / LOG).open("a") as file:
        file.write('{"release": "x", "at": "2026')
    remember(tmp_path / "b", PUBLISHED)
    assert [(row.release, row.by) for row in history(tmp_path)] == [("a", "هدى"), ("b", "")]
    assert history(tmp_path / "nowhere") == []
