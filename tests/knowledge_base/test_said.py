"""What the checker and the exchange say is there in the other languages of the console, and comes out as ever in English."""

from __future__ import annotations

import ast
import copy
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import knowledge_base
from customs.settings import ROOT
from customs.wording import catalogue
from knowledge_base import yaml12
from knowledge_base.check import check_pack
from knowledge_base.exchange.sample_sums import catalogue as catalogue_of_sums
from knowledge_base.model import Administration, FigureFile, SourceFile, Topic
from knowledge_base.objections import OBJECTIONS, objection
from knowledge_base.packs import Fault
from knowledge_base.rules.files import rule_files, rule_model
from knowledge_base.said import LOCALE, Said, either, in_language

PACKAGE = Path(knowledge_base.__file__).parent
QM = ROOT / "tests" / "fixtures" / "packs" / "qm"
LANGUAGES = ("ar", "fr")


def sentences() -> set[str]:
    """Every message id: what the code makes a `Said` of, what pydantic says of a pack, and the titles of the sample sums."""
    found = set(OBJECTIONS.values()) | {sample.title for sample in catalogue_of_sums()}
    for path in PACKAGE.rglob("*.py"):
        if not path.is_relative_to(PACKAGE / "console"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Said":
                    found |= {part.value for part in node.args[:1] if isinstance(part, ast.Constant)}
    return found


def places(sentence: str) -> set[str]:
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}
    except ValueError:  # braces that mean themselves
        return set()
    return found - {"expected_plural"}  # the ending of an English word


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said_is_translated(language: str) -> None:
    known, needed = catalogue(LOCALE, language), sentences()
    assert len(needed) > 200
    assert needed - known.keys() == set(), "not translated"
    assert known.keys() - needed == set(), "not said any more"
    for sentence, translated in known.items():
        assert places(translated) == places(sentence), sentence


def test_nothing_that_staff_read_is_made_without_its_message_id() -> None:
    """A fault or a refusal of a plain text could not be translated."""
    for path in [*(PACKAGE / "checks").glob("*.py"), *(PACKAGE / "exchange").rglob("*.py")]:
        if path.name == "figure_file.py":  # changes files for the command line
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
                told = {"RowFault": 4, "wrong": 3, "in_entry": 3, "in_figure": 3, "in_source": 3, "in_head": 3}.get(
                    name
                )
                part = node.args[told] if told is not None and len(node.args) > told else None
                part = node.args[0] if name.endswith("Refused") and node.args else part
                assert not isinstance(part, (ast.JoinedStr, ast.Constant)), f"{path.name}:{node.lineno}"


# ---------------------------------------------------------------- what the models say


def files() -> Iterator[tuple[Any, Any]]:
    """Every kind of file of a pack that is right, with its model."""
    yield Administration, yaml12.load((QM / "administration.yml").read_text(encoding="utf-8"))
    yield SourceFile, yaml12.load((QM / "sources.yml").read_text(encoding="utf-8"))
    yield FigureFile, yaml12.load((QM / "figures.yml").read_text(encoding="utf-8"))
    for path in (QM / "faq").glob("*.yml"):
        yield Topic, yaml12.load(path.read_text(encoding="utf-8"))
    for name in rule_files():
        path = ROOT / "knowledge_base" / "content" / "gb" / f"{name}.yml"
        yield rule_model(name), yaml12.load(path.read_text(encoding="utf-8"))


def spoilt(data: Any, depth: int = 0) -> Iterator[Any]:
    """`data` with one thing put wrong: left out, empty, of another kind, or added to. Of a list its first item is tried."""
    wrong = (
        None,
        [],
        {},
        "",
        "x y",
        7,
        -1,
        1.5,
        True,
        "ftp://a",
        "2026-13-40",
        date(2026, 1, 1),
        "2026-01-01T10:00",
        [[]],
    )
    if isinstance(data, dict):
        yield {**data, "sort_of": 1}
        for key in data:
            yield {name: value for name, value in data.items() if name != key}
            for value in wrong:
                yield {**data, key: value}
            for inside in spoilt(data[key], depth + 1):
                yield {**data, key: inside}
    elif isinstance(data, list) and data:
        for inside in spoilt(data[0], depth + 1):
            yield [inside, *data[1:]]


def objections() -> Iterator[dict[str, Any]]:
    for model, data in files():
        small = {key: value[:2] if isinstance(value, list) else value for key, value in data.items()}
        for faulty in spoilt(copy.deepcopy(small)):
            try:
                model.model_validate(faulty)
            except ValidationError as error:
                yield from error.errors(include_url=False)


def test_every_objection_is_known_and_told_in_the_librarys_words() -> None:
    kinds = set()
    for problem in objections():
        kinds.add(problem["type"])
        told = objection(problem)
        assert told == problem["msg"].removeprefix("Value error, ") + "."
        if "url_parsing" not in problem["type"] and "date" not in problem["type"]:  # their {error} is the parser's own
            french = in_language(told, "fr")
            assert french != told, told
    assert kinds == OBJECTIONS.keys() | {"value_error"}


# ---------------------------------------------------------------- saying it


def test_values_stand_in_their_places() -> None:
    told = Said("Also a question of {other}; keep it in one.", other="qm.alcohol.allowance")
    assert told == "Also a question of qm.alcohol.allowance; keep it in one."
    assert in_language(told, "en") == told
    assert (
        in_language(told, "fr")
        == "C’est aussi une question de qm.alcohol.allowance ; gardez-la dans une seule réponse."
    )
    assert "\u2066qm.alcohol.allowance\u2069" in in_language(told, "ar")


def test_what_is_said_inside_is_translated_too() -> None:
    told = Said("Can be {days}; write it as 2027-01-31.", days=either(["2026-01-02", "2026-02-01"]))
    assert in_language(told, "fr") == "Peut être le 2026-01-02 ou 2026-02-01 ; écrivez-le sous la forme 2027-01-31."


def test_a_sentence_with_braces_of_its_own_is_no_pattern() -> None:
    told = Said("A bare digit: make it a figure, or mark a name as {=…}.")
    assert "{=…}" in in_language(told, "fr") and in_language(told, "fr") != told


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_kept_as_text_is_recognised(language: str) -> None:
    fault = Fault(
        "error", "qm/faq/x.yml", "qm.x.y", "answer", "it's 3: no", Said("Also a question of {other}; keep it in one.", other="qm.x.z")
    )  # fmt: skip
    kept = str.__str__(str(fault))
    assert in_language(kept, language) == in_language(str(fault), language) != kept
    objected = Said("{objection}.", objection=Said("needs either unit or currency, and not both"))
    assert in_language(str.__str__(objected), language) == in_language(objected, language) != str(objected)
    assert in_language("Somebody's own words: 3 of them.", language) == "Somebody's own words: 3 of them."


def test_the_check_of_a_pack_can_be_read_in_french(tmp_path: Path) -> None:
    """Of a real pack with faults no remedy stays English."""
    from shutil import copytree

    folder = copytree(QM, tmp_path / "qm")
    for path in (folder / "faq").glob("*.yml"):
        path.write_text(
            path.read_text(encoding="utf-8").replace("sources: [", "sources: [nowhere, ", 1), encoding="utf-8"
        )
    faults = check_pack(folder, date(2031, 1, 1))
    assert len(faults) > 5
    for fault in faults:
        assert in_language(fault.remedy, "fr") != fault.remedy, fault
