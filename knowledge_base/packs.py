"""Reading packs from their folders.

`read_pack` raises `PackFaults` with every fault of form found, each naming file, entry, key, value and remedy.
"""

from __future__ import annotations

import reprlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from knowledge_base import yaml12
from knowledge_base.errors import PackError
from knowledge_base.model import Administration, Entry, Figure, FigureFile, Pack, Source, SourceFile, Topic
from knowledge_base.objections import objection
from knowledge_base.rules.files import rule_files, rule_model
from knowledge_base.said import Said

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """Something wrong in a pack. An error keeps the pack from being built, a warning does not."""

    level: str
    file: str
    item: str
    key: str
    value: str
    remedy: str

    def __str__(self) -> str:
        value = self.value if len(self.value) <= 120 else self.value[:117] + "..."
        place = " ".join(part for part in (self.item, self.key) if part)
        told = {"file": self.file, "place": place, "value": value, "remedy": self.remedy}
        if self.level == "error":
            return Said("error: {file}: {place}: {value!r}: {remedy}", **told)
        return Said("warning: {file}: {place}: {value!r}: {remedy}", **told)


class PackFaults(PackError):
    """The pack has faults of form; `faults` lists them."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises `PackFaults` when it is missing or not YAML."""
    try:
        return yaml12.load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        fault = _error(path, "", "", Said("missing"), Said("Add the file; docs/content-guide.md shows it."))
    except UnicodeDecodeError as error:
        fault = _error(path, "", "", str(error), Said("Save the file as UTF-8."))
    except yaml12.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = Said("line {number}", number=where.line + 1) if where else ""
        problem = str(getattr(error, "problem", error))
        remedy = Said("Mend the YAML: quote texts that contain ': ' or begin with a sign.")
        fault = _error(path, line, "", problem, remedy)
    except (ValueError, RecursionError) as error:  # a day such as 2026-02-30; lists in lists without end
        remedy = Said("Mend the YAML: a day that does not exist, or a value of another kind.")
        fault = _error(path, "", "", str(error), remedy)
    raise PackFaults([fault])


def _error(path: Path, item: str, key: str, value: str, remedy: str) -> Fault:
    return Fault("error", str(path), item, key, value, remedy)


def _shown(value: Any) -> str:
    """A value of a file for people, in part when it is long or lies deep."""
    return str(value) if isinstance(value, (str, int, float, date, type(None))) else reprlib.repr(value)


def _item_of(data: Any, location: tuple[Any, ...]) -> str:
    """The id of the innermost item that an error's location passes through."""
    found = ""
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(data, dict) and isinstance(data.get("id"), str):
            found = data["id"]
    return found


def read_model(path: Path, model: type[Model], faults: list[Fault]) -> Model | None:
    """The file at `path` as a `model`; None when it has faults of form, which are added to `faults`."""
    try:
        return _of_text(path.read_text(encoding="utf-8"), model)
    except (OSError, ValueError, RecursionError, yaml12.YAMLError):
        pass  # what is wrong is told in words below
    try:
        data = read_yaml(path)
    except PackFaults as error:
        faults.extend(error.faults)
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for problem in error.errors(include_url=False):
            location = problem["loc"]
            key = ".".join(str(step) for step in location if not isinstance(step, int))
            faults.append(_error(path, _item_of(data, location), key, _shown(problem.get("input")), objection(problem)))
        return None


@lru_cache(maxsize=400)
def _of_text(text: str, model: type[Model]) -> Model:
    """What a file holds: a publication reads all files of a pack and one of them is other than the last time. Models never change."""
    return model.model_validate(yaml12.load(text))


Item = TypeVar("Item", Source, Figure, Entry)


def _by_id(items: Iterable[tuple[Path, Item]], administration: str | None, faults: list[Fault]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for path, item in items:
        if item.id in found:
            faults.append(_error(path, item.id, "id", item.id, Said("This id is used twice; rename one.")))
        if administration and not item.id.startswith(administration + "."):
            remedy = Said("Ids of this pack begin with {administration!r} and a dot.", administration=administration)
            faults.append(_error(path, item.id, "id", item.id, remedy))
        found[item.id] = item
    return found


def read_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises `PackFaults` with all faults of form."""
    faults: list[Fault] = []
    head = read_model(folder / "administration.yml", Administration, faults)
    sources = read_model(folder / "sources.yml", SourceFile, faults)
    figures = read_model(folder / "figures.yml", FigureFile, faults)
    files = sorted((folder / "faq").glob("*.yml"))
    topics = [(path, topic) for path in files if (topic := read_model(path, Topic, faults))]
    rules = {
        name: read_model(path, rule_model(name), faults)
        for name in rule_files()
        if (path := folder / f"{name}.yml").exists()
    }
    if not files:
        faults.append(_error(folder / "faq", "", "", Said("no files"), Said("Add at least one faq/<topic>.yml.")))
    if head is None or sources is None or figures is None or faults:
        raise PackFaults(faults)
    if head.id != folder.name:
        remedy = Said("Must be the folder's name, {name!r}.", name=folder.name)
        faults.append(_error(folder / "administration.yml", head.id, "id", head.id, remedy))
    for path, topic in topics:
        if topic.topic != path.stem:
            faults.append(
                _error(path, "", "topic", topic.topic, Said("Must be the file's name, {name!r}.", name=path.stem))
            )
    pack = Pack.model_construct(
        administration=head,
        sources=_by_id(((folder / "sources.yml", source) for source in sources.sources), None, faults),
        figures=_by_id(((folder / "figures.yml", figure) for figure in figures.figures), head.id, faults),
        entries=_by_id(((path, entry) for path, topic in topics for entry in topic.entries), head.id, faults),
        topics={entry.id: topic.topic for _, topic in topics for entry in topic.entries},
        rules=rules,
    )
    if faults:
        raise PackFaults(faults)
    return pack


def pack_folders(content: Path, administrations: Iterable[str]) -> list[Path]:
    """The folders of the named packs. Raises `PackError` naming one that does not exist."""
    folders = []
    for administration in administrations:
        folder = content / administration
        if not (folder / "administration.yml").exists():
            there = ", ".join(sorted(path.parent.name for path in content.glob("*/administration.yml"))) or "none"
            raise PackError(
                f"There is no pack {administration!r} in {content}; there: {there}. See CUSTOMS_ADMINISTRATIONS."
            )
        folders.append(folder)
    return folders
