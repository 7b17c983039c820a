"""`customs check`: what is wrong in a pack, fault by fault, with the way to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from knowledge_base.answer_text import PLACEHOLDER, figures_in
from knowledge_base.model import Entry, Pack
from knowledge_base.packs import Fault, PackFaults, read_pack

MIN_QUESTIONS = 8
MIN_NATIVE_QUESTIONS = 3
MAX_WORDS, TOO_MANY_WORDS = 120, 170
_BRACES = re.compile(r"[{}]")


def normalise_question(text: str) -> str:
    """A question without what does not tell it from another: case, punctuation, blanks."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def check_pack(folder: Path, today: date) -> list[Fault]:
    """Every fault of the pack in `folder`, errors first. Never raises for a faulty pack."""
    try:
        pack = read_pack(folder)
    except PackFaults as error:
        return error.faults
    faults = [fault for check in _CHECKS for fault in check(pack, folder, today)]
    return sorted(faults, key=lambda fault: (fault.level != "error", fault.file, fault.item))


def _file(pack: Pack, folder: Path, entry: Entry) -> str:
    return str(folder / "faq" / f"{pack.topics[entry.id]}.yml")


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "answer", entry.answer
    for language, translation in entry.translations.items():
        yield f"translations.{language}.answer", translation.answer


def _references(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    figures_file = str(folder / "figures.yml")
    for figure in pack.figures.values():
        for source in [figure.source, *(conflict.source for conflict in figure.conflict)]:
            if source not in pack.sources:
                yield Fault(
                    "error",
                    figures_file,
                    figure.id,
                    "source",
                    source,
                    "Add this source to sources.yml or correct the name.",
                )
    for contact in pack.administration.contacts:
        for source in contact.sources:
            if source not in pack.sources:
                yield Fault(
                    "error", str(folder / "administration.yml"), contact.id, "sources", source, "Add it to sources.yml."
                )
    for source in pack.sources.values():
        if source.checked > today:
            yield Fault(
                "error",
                str(folder / "sources.yml"),
                source.id,
                "checked",
                str(source.checked),
                "Lies in the future; put the day on which the page was read.",
            )
    for entry in pack.entries.values():
        where = _file(pack, folder, entry)
        for source in entry.sources:
            if source not in pack.sources:
                yield Fault(
                    "error", where, entry.id, "sources", source, "Add this source to sources.yml or correct the name."
                )
        for related in entry.related:
            if related not in pack.entries:
                yield Fault(
                    "error",
                    where,
                    entry.id,
                    "related",
                    related,
                    "There is no such entry; correct the id or take it out.",
                )


def _figures(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    used: set[str] = set()
    for entry in pack.entries.values():
        where = _file(pack, folder, entry)
        for key, text in _texts(entry):
            for match in PLACEHOLDER.finditer(text):
                if match["form"] and match["form"] != "number":
                    yield Fault("error", where, entry.id, key, match[0], "Only |number can follow a figure's id.")
            for figure_id in sorted(figures_in(text)):
                used.add(figure_id)
                if figure_id not in pack.figures:
                    yield Fault(
                        "error",
                        where,
                        entry.id,
                        key,
                        figure_id,
                        "There is no such figure; add it to figures.yml or correct the id.",
                    )
                    continue
                figure = pack.figures[figure_id]
                if figure.status == "unverified":
                    yield Fault(
                        "warning",
                        where,
                        entry.id,
                        key,
                        figure_id,
                        "The figure is unverified, so this entry is not published.",
                    )
                day = max(today, entry.effective.start or today)
                if entry.effective.until is None or entry.effective.until >= day:
                    try:
                        figure.value_on(day)
                    except LookupError:
                        yield Fault(
                            "error",
                            where,
                            entry.id,
                            key,
                            figure_id,
                            f"The figure has no value for {day}, when this entry answers.",
                        )
    for figure_id in sorted(set(pack.figures) - used):
        yield Fault(
            "warning",
            str(folder / "figures.yml"),
            figure_id,
            "",
            "unused",
            "No answer uses this figure; take it out or use it.",
        )


def _answers(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    for entry in pack.entries.values():
        where = _file(pack, folder, entry)
        for key, text in _texts(entry):
            bare = PLACEHOLDER.sub("", text)
            for number in re.findall(r"\S*\d\S*", bare):
                yield Fault(
                    "error", where, entry.id, key, number, "A bare digit: make it a figure, or mark a name as {=…}."
                )
            if _BRACES.search(bare):
                yield Fault(
                    "error",
                    where,
                    entry.id,
                    key,
                    "{ }",
                    "A brace that belongs to no placeholder; see docs/content-guide.md.",
                )
        words = len(PLACEHOLDER.sub("x", entry.answer).split())
        if words > MAX_WORDS:
            level = "error" if words > TOO_MANY_WORDS else "warning"
            yield Fault(
                level,
                where,
                entry.id,
                "answer",
                f"{words} words",
                f"Shorten it to {MAX_WORDS} words or split the entry.",
            )


def _questions(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for entry in pack.entries.values():
        where = _file(pack, folder, entry)
        for language in dict.fromkeys(["en", *pack.administration.languages]):
            wanted = MIN_QUESTIONS if language == "en" else MIN_NATIVE_QUESTIONS
            have = len(entry.questions.get(language, []))
            if have < wanted:
                yield Fault(
                    "error",
                    where,
                    entry.id,
                    f"questions.{language}",
                    f"{have} questions",
                    f"Write at least {wanted}, each worded differently.",
                )
        for language, questions in entry.questions.items():
            for question, times in Counter(map(normalise_question, questions)).items():
                if times > 1:
                    yield Fault(
                        "error",
                        where,
                        entry.id,
                        f"questions.{language}",
                        question,
                        "Written twice; word one differently.",
                    )
                if seen.setdefault(question, entry.id) != entry.id:
                    yield Fault(
                        "error",
                        where,
                        entry.id,
                        f"questions.{language}",
                        question,
                        f"Also a question of {seen[question]}; keep it in one.",
                    )


def _translations(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    for entry in pack.entries.values():
        where = _file(pack, folder, entry)
        for language, translation in entry.translations.items():
            key = f"translations.{language}"
            if missing := figures_in(entry.answer) ^ figures_in(translation.answer):
                yield Fault(
                    "error",
                    where,
                    entry.id,
                    key,
                    ", ".join(sorted(missing)),
                    "Original and translation must name the same figures.",
                )
            if not translation.of:
                yield Fault(
                    "warning",
                    where,
                    entry.id,
                    f"{key}.of",
                    "empty",
                    "Run `bin/customs check --stamp` once the translation is right.",
                )
            elif translation.of != entry.fingerprint:
                yield Fault(
                    "warning",
                    where,
                    entry.id,
                    f"{key}.of",
                    translation.of,
                    "The original changed since; revise the translation, then stamp it.",
                )


def _dates(pack: Pack, folder: Path, today: date) -> Iterator[Fault]:
    for entry in pack.entries.values():
        if entry.review_by < today:
            yield Fault(
                "warning",
                _file(pack, folder, entry),
                entry.id,
                "review_by",
                str(entry.review_by),
                "Review is due: read the sources again.",
            )


_CHECKS: tuple[Callable[[Pack, Path, date], Iterator[Fault]], ...] = (
    _references, _figures, _answers, _questions, _translations, _dates,
)  # fmt: skip


def stamp_translations(folder: Path) -> int:
    """Write the fingerprint of the original into every translation without one; returns how many were stamped.

    Only empty `of` values are filled, so a stale translation stays visible until its translator empties the mark.
    """
    pack = read_pack(folder)
    stamped = 0
    for path in sorted((folder / "faq").glob("*.yml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        entry_id = ""
        for number, line in enumerate(lines):
            if match := re.match(r"\s*-\s+id:\s*(\S+)", line):
                entry_id = match[1]
            elif re.match(r"\s+of:\s*(''|\"\")?\s*$", line) and entry_id in pack.entries:
                lines[number] = line[: line.index("of:")] + f"of: '{pack.entries[entry_id].fingerprint}'\n"
                stamped += 1
        path.write_text("".join(lines), encoding="utf-8")
    return stamped
