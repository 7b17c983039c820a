"""The file allowances.yml: what is refused, what the check finds, and that archives and releases carry it."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge_base.archive import export_pack, import_pack
from knowledge_base.check import checked_pack, faults_of
from knowledge_base.index.release import build_release, open_release
from knowledge_base.packs import PackFaults, read_pack
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.allowance_data import AllowanceRules, Charge, Limit, Note, Pool
from knowledge_base.rules.allowance_when import Test
from knowledge_base.rules.figure_book import FigureBook
from tests.knowledge_base.conftest import KeywordEncoder
from tests.knowledge_base.rules.allowance_bags import ADMINISTRATIONS, DAY, basket, pack

RULES = """\
currency: GBP
rounding: {step: 0.01, mode: half_up}
allowances:
  - id: everybody
    entry: zz.alcohol.wine
    pools:
      - {id: wine, entry: zz.alcohol.wine, over: whole, limits: [{kinds: [wine], figure: zz.wine.litres}]}
    charges:
      - {kind: duty, pools: [wine], why: rate_by_kind}
"""


def faults(folder: Path, text: str) -> list[str]:
    """What the check says of the file."""
    (folder / "allowances.yml").write_text(text, encoding="utf-8")
    try:
        found = faults_of(checked_pack(folder, date(2026, 1, 3)))
    except PackFaults as error:
        found = error.faults
    return [str(fault) for fault in found if fault.file.endswith("allowances.yml")]


def test_a_good_file_has_no_faults(pack_folder: Path) -> None:
    assert faults(pack_folder, RULES) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("figure: zz.wine.litres", "figure: zz.wine.pints", "Add this figure to figures.yml or correct the id."),
        ("entry: zz.alcohol.wine\n    pools", "entry: zz.alcohol.gin\n    pools", "Add this entry or correct the id."),
        ("pools: [wine], why", "pools: [vine], why", "This allowance has no such pool; it has wine."),
        ("kinds: [wine]", "kinds: [whine]", "'whine' is no kind of goods"),
        ("rate_by_kind", "rate_by_kind\nnotes:\n  - {code: told, entry: zz.alcohol.wine, at: never}", "at"),
        ("everybody\n", "everybody\n    when: [{resident: true}]\n", "so that one always applies"),
        ("why: rate_by_kind", "percent: zz.wine.litres, amount: zz.cash.over", "has both percent and amount"),
    ],
)  # fmt: skip
def test_faults_are_named_with_the_way_out(pack_folder: Path, old: str, new: str, said: str) -> None:
    assert old in RULES
    (fault, *_) = faults(pack_folder, RULES.replace(old, new, 1))
    assert said in fault


def test_an_allowance_below_one_that_always_applies_is_found(pack_folder: Path) -> None:
    second = RULES[RULES.index("  - id: everybody") :].replace("everybody", "nobody")
    (fault,) = faults(pack_folder, RULES + second)
    assert "nothing below it is ever reached" in fault


@pytest.mark.parametrize(
    ("model", "data"),
    [
        (Pool, {"id": "p", "entry": "zz.a", "over": "whole"}),
        (Pool, {"id": "p", "entry": "zz.a", "over": "whole", "value": "zz.b", "none": True, "kinds": ["other"]}),
        (Pool, {"id": "p", "entry": "zz.a", "over": "whole", "value": "zz.b"}),
        (Pool, {"id": "p", "entry": "zz.a", "over": "items", "limits": [{"kinds": ["wine"], "figure": "zz.b"}]}),
        (Limit, {"kinds": ["wine"], "figure": []}),
        (Charge, {"kind": "duty", "pools": ["p"]}),
        (Charge, {"kind": "excise", "pools": ["p"], "amount": "zz.b"}),
        (Charge, {"kind": "vat", "pools": ["p"], "table": True}),
        (Note, {"code": "c", "entry": "zz.a"}),
        (Note, {"code": "c", "entry": "zz.a", "at": "over", "counts": False}),
        (Test, {}),
    ],
)
def test_what_says_too_little_or_too_much_is_refused(model: type, data: dict) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(data)


def test_an_archive_carries_the_file(pack_folder: Path, tmp_path: Path) -> None:
    (pack_folder / "allowances.yml").write_text(RULES, encoding="utf-8")
    export_pack(pack_folder, tmp_path / "zz.zip")
    assert "allowances.yml" in {Path(name).name for name in zipfile.ZipFile(tmp_path / "zz.zip").namelist()}
    import_pack(tmp_path / "zz.zip", tmp_path / "other")
    assert read_pack(tmp_path / "other" / "zz").rules["allowances"].allowances[0].id == "everybody"


def test_a_release_carries_the_file(pack_folder: Path, encoder: KeywordEncoder, tmp_path: Path) -> None:
    (pack_folder / "allowances.yml").write_text(RULES, encoding="utf-8")
    build_release(
        [read_pack(pack_folder)],
        [("do i need a visa", "out_of_scope"), ("weather", "out_of_scope")],
        encoder,
        tmp_path,
        DAY,
    )
    shelf = open_release(tmp_path / "releases" / "current", encoder).shelves["zz"]
    rules = shelf.rules["allowances"]
    assert isinstance(rules, AllowanceRules)
    result = check_allowance(rules, FigureBook(shelf.figures, DAY), basket("19 L still_wine"))
    assert (result.verdict, result.pool("wine").parts[0].limit) == ("over", 18)
    assert (
        check_allowance(rules, FigureBook(shelf.figures, date(2026, 6, 1)), basket("4 L still_wine")).verdict
        == "at_limit"
    )


@pytest.mark.parametrize("administration", ADMINISTRATIONS)
def test_the_served_files_survive_json(administration: str) -> None:
    rules = pack(administration).rules["allowances"]
    for by_alias in (True, False):
        assert AllowanceRules.model_validate(rules.model_dump(mode="json", by_alias=by_alias)) == rules


@pytest.mark.parametrize("administration", ADMINISTRATIONS)
def test_every_limit_says_what_exactly_the_limit_is(administration: str) -> None:
    mine = pack(administration)
    for allowance in mine.rules["allowances"].allowances:
        for pool in allowance.pools:
            named = [pool.value] if pool.value else [figure for limit in pool.limits for figure in limit.figure[:1]]
            if pool.over != "guide":
                assert all(mine.figures[figure].at_limit for figure in named), (allowance.id, pool.id)


def test_an_unverified_figure_is_not_known_and_the_check_warns(pack_folder: Path) -> None:
    figures = pack_folder / "figures.yml"
    text = figures.read_text(encoding="utf-8")
    figures.write_text(text.replace("status: verified", "status: unverified", 1), encoding="utf-8")
    assert any("Verify the figure" in fault for fault in faults(pack_folder, RULES))
    mine = read_pack(pack_folder)
    result = check_allowance(mine.rules["allowances"], FigureBook(mine.figures, DAY), basket("1 L still_wine"))
    assert (result.pool("wine").verdict, result.pool("wine").share, result.total) == ("unknown", None, None)
