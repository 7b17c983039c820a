"""Compare our search with a dense search alone and BM25 alone on the labelled questions, and write docs/quality.md.

    python -m benchmarks.retrieval [--json FILE] [--no-write]

Every system ranks the same entries of the served release for the same questions, told which administration is asked. The second part
of the page is `customs evaluate` on the same release.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from actions.base import Service
from actions.knowledge import Knowledge
from customs.commands.evaluate import FOLDER, ask_all, summary
from customs.settings import ROOT, Settings
from knowledge_base.evaluation import Labelled, interval, rank_of, read_questions
from knowledge_base.index.lexical import tokens
from knowledge_base.index.plain_names import explain
from knowledge_base.index.ranking import Bank, rank
from knowledge_base.index.release import Release, Shelf
from knowledge_base.language import identify
from knowledge_base.romanised import search_forms

PAGE = ROOT / "docs" / "quality.md"
Scores = Callable[[str, str, str], np.ndarray]  # administration, language, text → a score for each entry


def systems(release: Release, encode: Callable[[str], np.ndarray]) -> dict[str, Scores]:
    """The systems by name, ours first."""
    raw = {name: _raw(shelf) for name, shelf in release.shelves.items()}
    banks = {name: Bank(questions, shelf.question_entry, answers) for name, (shelf, questions, answers) in raw.items()}
    words = {name: _bm25(shelf) for name, shelf in release.shelves.items()}

    def ours(name: str, language: str, text: str, plain: bool = True, evened: bool = True) -> np.ndarray:
        shelf, bank = release.shelves[name], banks[name]
        text = explain(text) if plain else text
        similarities = bank.compare(encode(text)) if evened else _unevened(bank, raw[name], encode(text))
        lexical = shelf.lexical.scores(text) if language == "en" else np.zeros(bank.size)
        return rank(similarities, bank.rows, lexical).score

    def dense(name: str, language: str, text: str, part: str) -> np.ndarray:
        shelf, questions, answers = raw[name]
        vector = encode(text)
        if part == "answers":
            return answers @ vector
        best = np.full(len(shelf.entries), -1.0, dtype=np.float32)
        np.maximum.at(best, shelf.question_entry, questions @ vector)
        return best

    def lexical(name: str, language: str, text: str) -> np.ndarray:
        index, known, size = words[name]
        asked = [token for token in tokens(text) if token in known]
        return np.asarray(index.get_scores(asked)) if asked else np.zeros(size)

    return {
        "**our search**": ours,
        "ours without plain names for slang": lambda *of: ours(*of, plain=False),
        "ours without evening out": lambda *of: ours(*of, evened=False),
        "dense only, nearest example question": lambda *of: dense(*of, "questions"),
        "dense only, answers as passages": lambda *of: dense(*of, "answers"),
        "BM25 only (questions, title, answer)": lexical,
    }


def _raw(shelf: Shelf) -> tuple[Shelf, np.ndarray, np.ndarray]:
    questions = shelf.questions.reconstruct_n(0, shelf.questions.ntotal)
    return shelf, questions, shelf.answers.reconstruct_n(0, shelf.answers.ntotal)


def _unevened(bank: Bank, raw: tuple[Shelf, np.ndarray, np.ndarray], vector: np.ndarray) -> Any:
    from knowledge_base.index.ranking import Similarities

    shelf, questions, answers = raw
    sums = np.zeros((bank.size, questions.shape[1]), dtype=np.float32)
    np.add.at(sums, shelf.question_entry, questions)
    centres = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return Similarities(questions @ vector, answers @ vector, centres @ vector)


def _bm25(shelf: Shelf) -> tuple[bm25s.BM25, set[str], int]:
    texts = [f"{entry.title} {entry.answer} {' '.join(entry.questions.get('en', []))}" for entry in shelf.entries]
    index = bm25s.BM25()
    index.index([tokens(text) or ["_"] for text in texts], show_progress=False)
    return index, set(index.vocab_dict), len(texts)


def places(release: Release, questions: list[Labelled], score: Scores) -> tuple[list[int], float]:
    """The place (1 is first, 0 not found) of the right entry for each question, and the median milliseconds without encoding."""
    found, times = [], []
    for question in questions:
        name = question.administration or question.entries[0].split(".")[0]
        ids = [entry.id for entry in release.shelves[name].entries]
        language = identify(question.question).language
        started = time.perf_counter()
        # What is romanised is asked in each of its spellings; the surest counts, as in the question action.
        scores = np.max([score(name, language, form) for form in search_forms(question.question)], axis=0)
        times.append(time.perf_counter() - started)
        found.append(rank_of(question.entries, [ids[number] for number in np.argsort(-scores, kind="stable")]))
    return found, float(np.median(times) * 1000)


def compare(release: Release, questions: list[Labelled], encode: Callable[[str], np.ndarray]) -> list[dict[str, Any]]:
    """One row a system: R@1, R@5, MRR for English and the other languages, and R@1 of the half not used for choosing."""
    for question in questions:  # encoded before, so that no system pays for it
        for form in search_forms(question.question):
            encode(form), encode(explain(form))
    rows = []
    for name, score in systems(release, encode).items():
        found, milliseconds = places(release, questions, score)
        row: dict[str, Any] = {"system": name, "ms": milliseconds}
        for part, chosen in (
            ("english", [q.language == "en" for q in questions]),
            ("others", [q.language != "en" for q in questions]),
            ("reporting", [q.half == "reporting" for q in questions]),
        ):
            of = [place for place, take in zip(found, chosen) if take]
            row[part] = {
                "r1": interval(place == 1 for place in of),
                "r5": float(np.mean([0 < place <= 5 for place in of])),
                "mrr": float(np.mean([1 / place if place else 0 for place in of])),
            }
        rows.append(row)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The comparison as a Markdown table."""
    lines = [
        "| system | English R@1 | R@5 | MRR | other languages R@1 | R@5 | MRR | R@1, half not used for choosing |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = []
        for part in ("english", "others"):
            of = row[part]
            value, low, high = of["r1"]
            cells += [f"{value:.3f} ({low:.2f}–{high:.2f})", f"{of['r5']:.3f}", f"{of['mrr']:.3f}"]
        value, low, high = row["reporting"]["r1"]
        lines.append(f"| {row['system']} | {' | '.join(cells)} | {value:.3f} ({low:.2f}–{high:.2f}) |")
    return "\n".join(lines)


def measures(report: dict[str, Any], half: dict[str, Any]) -> str:
    """What was replied, as a Markdown table: all questions, and the half not used for choosing."""
    lines = ["| measure | all questions | half not used for choosing |", "|---|---|---|"]
    for name, (value, low, high) in report["measures"].items():
        other = half["measures"][name]
        lines.append(
            f"| {name.replace('_', ' ')} | {value:.3f} ({low:.2f}–{high:.2f}) | {other[0]:.3f} ({other[1]:.2f}–{other[2]:.2f}) |"
        )
    return "\n".join(lines)


def by(report: dict[str, Any], key: str) -> str:
    """One of the report's counts as a Markdown table."""
    columns = list(next(iter(report["by"][key].values())))
    lines = [f"| {key} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | {' | '.join(map(str, row.values()))} |" for name, row in report["by"][key].items()]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="write the numbers to a file, too")
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/quality.md as it is")
    options = parser.parse_args()
    logging.disable(logging.INFO)
    settings = Settings()
    knowledge = Knowledge(settings)
    Service.start(settings, knowledge)
    release, encoder = knowledge.searcher.release, knowledge.searcher._encoder
    questions = read_questions(FOLDER)
    answerable = [question for question in questions if question.answerable]
    known: dict[str, np.ndarray] = {}

    def encode(text: str) -> np.ndarray:
        if text not in known:
            known[text] = np.asarray(encoder.encode_query([text])[0], dtype=np.float32)
        return known[text]

    rows = compare(release, answerable, encode)
    results = asyncio.run(ask_all(questions))
    report = summary(results)
    half = summary([result for result in results if result.question.half == "reporting"])
    values = {
        "day": date.today().isoformat(), "release": release.id, "encoder": encoder.id, "questions": len(questions),
        "answerable": len(answerable), "english": sum(question.language == "en" for question in answerable),
        "reporting": sum(question.half == "reporting" for question in questions),
        "ms": f"{rows[0]['ms']:.1f}", "table": table(rows), "measures": measures(report, half),
        "by_language": by(report, "language"), "by_expected": by(report, "expected"), "by_administration": by(report, "administration"),
    }  # fmt: skip
    page = Path(__file__).with_name("quality.md.in").read_text(encoding="utf-8").format(**values)
    print(page)
    if options.json:
        options.json.write_text(json.dumps({"comparison": rows, "evaluation": report}, indent=1), encoding="utf-8")
    if not options.no_write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
