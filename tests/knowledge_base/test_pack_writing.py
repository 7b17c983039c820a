"""A pack that is written and read again is the same pack, and is written to the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customs.settings import ROOT
from knowledge_base import yaml12
from knowledge_base.check import check_pack
from knowledge_base.pack_writing import _text, pack_texts, plain, write_texts
from knowledge_base.packs import read_pack

CONTENT = ROOT / "knowledge_base" / "content"
PACKS = sorted(path.parent.name for path in CONTENT.glob("*/administration.yml"))


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_comes_back_whole(name: str, tmp_path: Path) -> None:
    pack = read_pack(CONTENT / name)
    texts = pack_texts(plain(pack, CONTENT / name))
    write_texts(texts, tmp_path / name)
    again = read_pack(tmp_path / name)
    for part in ("administration", "sources", "figures", "entries", "topics", "rules"):
        assert getattr(again, part) == getattr(pack, part), part
    assert list(again.figures) == list(pack.figures)
    assert pack_texts(plain(again, tmp_path / name)) == texts


@pytest.mark.parametrize("name", PACKS[:1])
def test_what_is_written_has_the_faults_that_the_original_has(name: str, tmp_path: Path) -> None:
    from datetime import date

    write_texts(pack_texts(plain(read_pack(CONTENT / name), CONTENT / name)), tmp_path / name)
    day = date(2026, 11, 22)
    found, wanted = check_pack(tmp_path / name, day), check_pack(CONTENT / name, day)
    key = lambda fault: (fault.level, fault.item, fault.key, fault.value)  # noqa: E731
    assert sorted(map(key, found)) == sorted(map(key, wanted))


@given(st.text(min_size=1))
@example("it's: a - 'test' # no comment\n")
@example("  leads with spaces\n\n\nthree\n")
@example("tab\tand\x85 next \u2028 line\ufeff\U0001f600")
@example("true")
@example("12:30")
@example("no")
def test_every_text_comes_back(text: str) -> None:
    data = {"answer": text, "list": [text, text], "inner": {"a": {"title": text}}, "words": {"en": text}}
    assert yaml12.load(_text(data)) == data


def test_files_that_a_pack_no_longer_has_go_and_unchanged_ones_are_left(tmp_path: Path) -> None:
    write_texts({"faq/a.yml": "x", "faq/b.yml": "y", "cash.yml": "z"}, tmp_path)
    before = (tmp_path / "faq" / "a.yml").stat().st_mtime_ns
    write_texts({"faq/a.yml": "x"}, tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*.yml")) == ["a.yml"]
    assert (tmp_path / "faq" / "a.yml").stat().st_mtime_ns == before
