"""duties.yml: what the model takes, what the check of a pack says, and that it survives a release and an archive."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge_base.archive import export_pack, import_pack
from knowledge_base.check import check_pack
from knowledge_base.index.release import build_release, open_release
from knowledge_base.packs import read_pack
from knowledge_base.rules.duty_data import DutyRules
from knowledge_base.rules.duty_goods import DutyPart, GoodsRate
from tests.knowledge_base.rules.duty_sums import PACKS

HEAD = """\
administration: zz
currency: GBP
inside: [ZZ]
value: {basis: cif, sources: [page]}
exchange: [ecb_day]
tax: {rates: {standard: zz.tax}, sources: [page]}
excise: {beer: [{rate: zz.tax, sources: [page]}]}
preferences: [{id: near, origins: [EU], rate: zz.tax, sources: [page]}]
goods:
  - {good: phone, code: "8517 13 00", duty: [{percent: 3.7}], source: page, as_of: 2026-01-02, status: verified}
"""
TAX = "  - {id: zz.tax, label: Tax, unit: percent, valid: [{value: 20}], source: page, status: verified}\n"


@pytest.fixture
def pack(pack_folder: Path) -> Path:
    with (pack_folder / "figures.yml").open("a", encoding="utf-8") as file:
        file.write(TAX)
    with (pack_folder / "sources.yml").open("a", encoding="utf-8") as file:
        file.write(
            '  - {id: ecb-reference-rates, title: Rates, publisher: ECB, url: "https://www.ecb.europa.eu/", kind: official, '
            "as_of: undated, checked: 2026-01-02}\n"
        )
    (pack_folder / "duties.yml").write_text(HEAD, encoding="utf-8")
    return pack_folder


def faults(folder: Path) -> list[str]:
    return [str(fault) for fault in check_pack(folder, date(2026, 11, 22)) if "duties.yml" in fault.file]


def test_a_file_without_faults_has_none(pack):
    assert faults(pack) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rate: zz.tax, sources: [page]}]\ngoods", "rate: zz.no_such, sources: [page]}]\ngoods", "zz.no_such"),
        ("sources: [page]}\nexchange", "sources: [nowhere]}\nexchange", "nowhere"),
        ("source: page, as_of", "source: elsewhere, as_of", "elsewhere"),
        ("source: page, as_of", "spared: {s_one: [GB]}, source: page, as_of", "s_one"),
        ("source: page, as_of", "spared_under: {far: [s_one]}, source: page, as_of", "far"),
        ("exchange: [ecb_day]", "exchange: [ecb_day]\nruling: zz.no.such", "zz.no.such"),
        (
            "rate: zz.tax, sources: [page]}]\ngoods",
            "rate: zz.tax, entry: zz.no.entry, sources: [page]}]\ngoods",
            "zz.no.entry",
        ),
        ("{percent: 3.7}", "{percent: 3.7}], excise: [wine", "excise"),
        ("status: verified", "status: verified, excise: wine", "No such excise"),
        ("status: verified", "status: verified, tax: reduced", "No such tax"),
        ("status: verified", "status: verified, additional: [extra]", "No such additional"),
        ("status: verified", "status: verified, preference: {far: [{percent: 0}]}", "No such preference"),
        ("{percent: 3.7}", "{amount: 3, currency: EUR, per: kg}", "Amounts of this file are in GBP"),
        ("{percent: 3.7}", "{percent: 3.7, amount: 3}", "either percent, or amount"),
        ("{percent: 3.7}", "{amount: 3, per: kg}", "go together"),
        ("{percent: 3.7}", "{percent: -1}", "greater than or equal"),
        ('"8517 13 00"', '"85-17"', "pattern"),
        ("origins: [EU]", "origins: [EUU]", "Not a group"),
        (
            "goods:\n",
            "goods:\n  - {good: phone, code: '8517', source: page, as_of: 2026-01-02, status: verified}\n",
            "stands twice",
        ),
    ],
)
def test_the_check_of_a_pack_names_the_fault(pack, old, new, said):
    text = HEAD.replace(old, new, 1)
    assert text != HEAD
    (pack / "duties.yml").write_text(text, encoding="utf-8")
    assert any(said in fault for fault in faults(pack)), faults(pack)


def test_a_figure_that_only_a_sum_uses_is_used(pack):
    unused = [str(fault) for fault in check_pack(pack, date(2026, 11, 22)) if fault.value == "unused"]
    assert not any("zz.tax" in fault for fault in unused)
    (pack / "duties.yml").unlink()
    unused = [str(fault) for fault in check_pack(pack, date(2026, 11, 22)) if fault.value == "unused"]
    assert any("zz.tax" in fault for fault in unused)


def test_a_release_and_an_archive_carry_it(pack, tmp_path, encoder):
    rules = read_pack(pack).rules["duties"]
    folder = build_release([read_pack(pack)], [("visa", "out_of_scope")], encoder, tmp_path, date(2026, 11, 22))
    assert open_release(folder, encoder).shelves["zz"].rules["duties"] == rules
    export_pack(pack, tmp_path / "zz.zip")
    assert read_pack(import_pack(tmp_path / "zz.zip", tmp_path / "into")).rules["duties"] == rules


@pytest.mark.parametrize("administration", sorted(PACKS))
def test_the_rules_of_the_real_packs_survive_json(administration):
    rules = PACKS[administration].rules["duties"]
    assert DutyRules.model_validate(rules.model_dump(mode="json", by_alias=True, exclude_defaults=True)) == rules
    assert rules.problems() == []


def test_other_goods_are_found_by_their_own_ids():
    rules = PACKS["gb"].rules["duties"]
    first = rules.goods[0]
    assert rules.rate_of(first.good) == first
    other = rules.with_goods((first.model_copy(update={"good": "another"}),))
    assert (other.rate_of(first.good), other.rate_of("another").code) == (None, first.code)


def test_the_kind_of_goods_is_six_digits_however_the_code_is_written():
    for code in ("8517 13 00 00", "8517.13.00.00", "85171300", "8517.13"):
        rate = GoodsRate(good="phone", code=code, source="page", as_of=date(2026, 1, 2), status="verified")
        assert rate.kind == "851713"


def test_a_rate_of_nothing_and_a_rate_that_is_not_known_differ():
    known = {"good": "phone", "code": "8517", "source": "page", "as_of": date(2026, 1, 2)}
    assert GoodsRate(**known, duty=(DutyPart(percent=0),), status="verified").known
    assert not GoodsRate(**known, duty=(DutyPart(percent=0),), status="unverified").known
    assert not GoodsRate(**known, status="verified").known
    with pytest.raises(ValidationError):
        DutyPart()
