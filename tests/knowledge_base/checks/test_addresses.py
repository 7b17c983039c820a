"""Addresses of sources that look as if readers could not reach them, or not be whose they are said to be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.check import check_pack

TODAY = date(2026, 11, 21)
GOOD = "https://customs.example.org/limits"


def told(folder: Path, url: str, kind: str = "official") -> list[str]:
    path = folder / "sources.yml"
    path.write_text(path.read_text().replace(GOOD, url).replace("kind: official", f"kind: {kind}"))
    return [fault.remedy for fault in check_pack(folder, TODAY) if fault.key == "url" and fault.level == "warning"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://www.gov.uk/duty-free", "Not https"),
        ("https://www.gov.uk./duty-free", "dot"),
        ("https://localhost/duty-free", "cannot reach"),
        ("https://10.0.0.7/duty-free", "cannot reach"),
        ("https://[::1]/duty-free", "cannot reach"),
        ("https://pages.customs.local/x", "cannot reach"),
        ("https://stage.gov.uk/x", "trial site"),
        ("https://aphis.stg.platform.usda.gov/x", "trial site"),
        ("https://d310ufpvo66zxo.cloudfront.net/x", "trial site"),
        ("https://lawmirror.example.com/x", "Said to be official"),
        ("https://gov.uk.example.com/x", "Said to be official"),
        ("https://notgov.uk/x", "Said to be official"),
        ("https://www.gov.uk:8443/x", "port"),
        ("https://somebody@www.gov.uk/x", "password"),
        ("https://www.gov.uk/duty-free).", "A sign"),
        ("https://www.gov.uk/duty free", "A sign"),
    ],
)
def test_an_odd_address_is_told(pack_folder: Path, url: str, words: str) -> None:
    assert any(words in remedy for remedy in told(pack_folder, url))


@pytest.mark.parametrize(
    "url", ["https://www.gov.uk/x", "https://cbp.gov/y", "https://mohap.gov.ae/z?a=b", "https://zoll.de/", GOOD]
)
def test_an_authoritys_own_page_is_fine(pack_folder: Path, url: str) -> None:
    assert told(pack_folder, url) == []


def test_a_secondary_page_may_stand_anywhere(pack_folder: Path) -> None:
    assert told(pack_folder, "https://news.example.com/x", "secondary") == []


def test_one_page_under_two_names_is_told(pack_folder: Path) -> None:
    path = pack_folder / "sources.yml"
    again = path.read_text().splitlines()[-1].replace("id: page", "id: again").replace(GOOD, GOOD + "/")
    path.write_text(path.read_text() + again + "\n")
    faults = [fault for fault in check_pack(pack_folder, TODAY) if fault.item == "again"]
    assert {fault.remedy for fault in faults} == {
        "The same page as page; keep one.", "Nothing rests on this page; take it out or name it.",
    }  # fmt: skip
