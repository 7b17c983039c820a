"""How good the answers are: every labelled question asked, our search beside its peers, and whether its probabilities keep their word.

    python -m benchmarks.quality [--get-peers] [--json FILE] [--no-write]

Writes its part of docs/quality.md and docs/images/reliability.svg. `--get-peers` first installs what only the peers need into var/bench/peers.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from actions.base import Service
from actions.knowledge import Knowledge
from benchmarks import comparison, few_phrasings, reliability
from benchmarks.peers import environment
from benchmarks.peers.material import Ranking, about_one, documents
from benchmarks.report import write_between_markers
from customs.commands.evaluate import FOLDER, Result, ask_all, summary
from customs.settings import ROOT, Settings
from knowledge_base import search
from knowledge_base.evaluation import GRADES, HALVES, read_questions
from knowledge_base.index.encoder import load_encoder
from knowledge_base.index.release import Release

PAGE = ROOT / "docs" / "quality.md"
DRAWING = ROOT / "docs" / "images" / "reliability.svg"
TEMPLATE = Path(__file__).with_name("quality.md.in")
BEGIN, END = "<!-- bench-quality: begin -->", "<!-- bench-quality: end -->"


def our_rankings(results: Sequence[Result]) -> dict[str, Ranking]:
    """The candidates of our search, scored by how sure it is that this is a customs question and that the entry answers it."""
    return {
        result.question.id: [(entry, probability * result.in_scope) for entry, probability in result.candidates]
        for result in results
    }


def measure_table(reports: dict[str, dict[str, Any]]) -> str:
    """Every measure with its interval, a column for each part of the questions."""
    names = list(next(iter(reports.values()))["measures"])
    lines = [f"| measure | {' | '.join(reports)} |", "|---" * (len(reports) + 1) + "|"]
    for name in names:
        cells = [comparison.value(tuple(report["measures"][name])) for report in reports.values()]
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def count_table(results: Sequence[Result], title: str, key: Callable[[Result], str | None]) -> str:
    """Grades by `key` (None: left out) as a Markdown table, a line for each of its values."""
    counts: dict[str, dict[str, int]] = {}
    for result in results:
        if (name := key(result)) is not None:
            row = counts.setdefault(name, dict.fromkeys((*GRADES, "of which offered"), 0))
            row[result.grade.grade] += 1
            row["of which offered"] += result.grade.offered
    columns = [*GRADES, "of which offered"]
    lines = [
        f"| {title} | {' | '.join(name.replace('_', ' ') for name in columns)} |",
        "|---" + "|---:" * len(columns) + "|",
    ]
    lines += [
        f"| {name} | {' | '.join(str(row[column]) for column in columns)} |" for name, row in sorted(counts.items())
    ]
    return "\n".join(lines)


def subject(release: Release, result: Result, what: str) -> str | None:
    """`audience` or `topic` of the entry that was expected; None where none was."""
    if not result.question.entries:
        return None
    name = result.question.entries[0]
    entry = release.entry(name)
    if entry is None:
        return None
    return entry.audience if what == "audience" else release.shelves[name.split(".", 1)[0]].topics[name]


def promises(results: Sequence[Result], thresholds: dict[str, float]) -> tuple[str, dict[str, str]]:
    """The drawing, and the tables and figures of both promises: in scope, and that the entry on top answers."""
    gate = [(result.in_scope, result.question.in_scope) for result in results]
    about = [
        result
        for result in results
        if result.candidates and (result.question.administration or result.question.entries)
    ]
    tops = [(result.candidates[0][1], result.candidates[0][0] in result.question.entries) for result in about]
    values: dict[str, str] = {}
    panels = []
    for name, title, event, pairs, lines in (
        ("gate", "Is it a customs question?", "were customs questions", gate, [n for n in thresholds if "SCOPE" in n]),
        (
            "answer",
            "Does the entry on top answer?",
            "were answered by it",
            tops,
            [n for n in thresholds if "SCOPE" not in n],
        ),
    ):
        chances, true = [p for p, _ in pairs], [t for _, t in pairs]
        found = reliability.bins(chances, true)
        values |= {
            f"{name}_bins": reliability.table(found, event),
            f"{name}_error": f"{reliability.calibration_error(found):.3f}",
            f"{name}_brier": f"{reliability.brier(chances, true):.3f}",
        }
        panels.append((title, found, {line: thresholds[line] for line in lines}))
    return reliability.drawing(panels), values


def replied_tables(rows: Sequence[comparison.Row], held_out: int) -> str:
    """How every system replies with its threshold, on each half that it was not chosen on."""
    halves = {"reporting": "the reporting half"} | ({"held-out": "the held-out questions"} if held_out else {})
    tables = []
    for scope, words in (("english", "English questions"), ("all", "All languages")):
        for half, of in halves.items():
            tables.append(f"{words} of {of}:\n\n{comparison.replying_table(rows, scope, half)}")
    return "\n\n".join(tables)


def row_as_data(row: comparison.Row) -> dict[str, Any]:
    """A row as plain data for a file."""
    data = dataclasses.asdict(row)
    data["replied"] = {" ".join(key): shares for key, shares in (row.replied or {}).items()}
    return data


def decision_thresholds() -> dict[str, float]:
    """The thresholds of the search's verdict by name."""
    return {name: value for name, value in vars(search).items() if name.endswith("_AT") and isinstance(value, float)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--get-peers", action="store_true", help="install what only the peers need")
    parser.add_argument("--json", type=Path, help="write the numbers to a file, too")
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/ as it is")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    if options.get_peers:
        environment.ensure()
    settings = Settings()
    knowledge = Knowledge(settings)
    Service.start(settings, knowledge)
    release = knowledge.searcher.release
    questions = read_questions(FOLDER)
    results = asyncio.run(ask_all(questions, lambda done: print(f"asked {done} of {len(questions)}", flush=True)))
    encoder = load_encoder(settings.encoder, settings.encoder_backend, settings.encoder_threads, settings.models_dir)
    asked = about_one(questions)
    rows = comparison.compare(
        release, documents(release, date.today()), asked, our_rankings(results), comparison.peers(encoder),
        lambda line: print(line, flush=True),
    )  # fmt: skip
    few, few_told = few_phrasings.compare_few(settings, encoder, asked, lambda line: print(line, flush=True))
    parts = {"all": results} | {half: [r for r in results if r.question.half == half] for half in HALVES}
    reports = {name: summary(of) for name, of in parts.items()}
    thresholds = decision_thresholds()
    picture, promised = promises(results, thresholds)
    answerable = [question for question in questions if question.answerable]
    values = promised | few_told | {
        "day": date.today().isoformat(), "release": release.id, "encoder": release.manifest["encoder"],
        "questions": len(questions), "answerable": len(answerable), "compared": len(asked),
        "english": sum(question.language == "en" for question in answerable),
        "choosing": len(parts["choosing"]), "reporting": len(parts["reporting"]), "held_out": len(parts["held-out"]),
        "entries": sum(len(shelf.entries) for shelf in release.shelves.values()),
        "phrasings": sum(len(shelf.question_text) for shelf in release.shelves.values()),
        "found": comparison.finding_table(rows), "few_found": comparison.finding_table(few),
        "measures": measure_table(reports),
        "replied": replied_tables(rows, len(parts["held-out"])), "few_replied": replied_tables(few, len(parts["held-out"])),
        "thresholds": ", ".join(f"`{name}` {value:g}" for name, value in thresholds.items()),
        "by_expected": count_table(results, "expected", lambda r: r.question.reason or r.question.outcome),
        "by_language": count_table(results, "language", lambda r: r.question.language if r.question.answerable else None),
        "by_administration": count_table(results, "administration", lambda r: r.question.administration or "none given"),
        "by_audience": count_table(results, "audience", lambda r: subject(release, r, "audience")),
        "by_topic": count_table(results, "topic", lambda r: subject(release, r, "topic")),
    }  # fmt: skip
    page = TEMPLATE.read_text(encoding="utf-8").format(**values)
    print(page)
    if options.json:
        numbers = {
            "comparison": [row_as_data(row) for row in rows],
            "few": [row_as_data(row) for row in few],
            "evaluation": reports,
        }
        options.json.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
    if not options.no_write:
        write_between_markers(PAGE, page, BEGIN, END)
        DRAWING.parent.mkdir(exist_ok=True)
        DRAWING.write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
