"""`customs evaluate`: ask the labelled questions as `customs ask` would, and report what was right, wrong or silent."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click

from customs.settings import ROOT, Settings
from knowledge_base.evaluation import (
    GRADES,
    HALVES,
    HELD_OUT,
    OUTSIDE,
    EvaluationError,
    Given,
    Grade,
    Labelled,
    auroc_interval,
    fast_part,
    grade,
    interval,
    rank_of,
    read_questions,
)

FOLDER = ROOT / "data" / "evaluation"


@dataclass(frozen=True)
class Result:
    """One question asked: the reply, its grade, the ranked candidates as (entry, probability), and the gate's share in scope."""

    question: Labelled
    given: Given
    grade: Grade
    candidates: tuple[tuple[str, float], ...]
    in_scope: float


@click.command(name="evaluate")
@click.option("--fast", is_flag=True, help="Ask a small fixed part of every kind of question.")
@click.option("--administration", "-a", help="Only the questions of one administration.")
@click.option(
    "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write everything to a file."
)
@click.option(
    "--half",
    type=click.Choice(HALVES),
    help="Only the half that weights were chosen on, the other, or those that are held out.",
)
def command(fast: bool, administration: str | None, json_file: Path | None, half: str | None) -> None:
    """Ask the labelled questions of data/evaluation/ and report. Exit code 1 when below data/evaluation/thresholds.yml.

    The bounds are for the questions that are not held out. With a part of them, only when it is surely below: its whole 95 % interval;
    the part of --fast has bounds of its own.
    """
    from actions.base import Service
    from actions.in_context import read_words
    from actions.knowledge import Knowledge

    logging.disable(logging.INFO)
    settings = Settings()
    questions = [question for question in read_questions(FOLDER) if half in (None, question.half)]
    if administration:
        questions = [question for question in questions if _belongs(question, administration)]
        if not questions:
            raise click.BadParameter(f"no question is about {administration!r}.", param_hint="--administration")
    if fast:
        questions = fast_part(questions)
    Service.start(settings, Knowledge(settings))
    read_words()  # else the first question waits for them past its deadline on a slow machine
    results = asyncio.run(ask_all(questions, lambda done: click.echo(f"  asked {done} of {len(questions)}", err=True)))
    report = summary(results)
    click.echo(as_text(results, report, Service.knowledge.searcher.release.id))
    if json_file:
        written = {
            "release": Service.knowledge.searcher.release.id,
            "summary": report,
            "results": [_plain(r) for r in results],
        }
        json_file.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    # Bounds would be a way of choosing: what is held out is only reported.
    judged = summary([result for result in results if result.question.half != HELD_OUT])
    whole_fast = fast and not (administration or half)
    thresholds = read_thresholds(FOLDER / "thresholds.yml", "fast" if whole_fast else "all")
    missed = below_thresholds(judged, thresholds, surely=not whole_fast and bool(fast or administration or half))
    for line in missed:
        click.echo(f"below the threshold: {line}", err=True)
    sys.exit(1 if missed else 0)


def _belongs(question: Labelled, administration: str) -> bool:
    return question.administration == administration or any(
        entry.startswith(administration + ".") for entry in question.entries
    )


async def ask_all(questions: list[Labelled], say: Callable[[int], None] = lambda done: None) -> list[Result]:
    """Ask every question by the question action, without Rasa; `Service` must have been started."""
    found = []
    for number, question in enumerate(questions, 1):
        found.append(await ask_one(question))
        if number % 100 == 0:
            say(number)
    return found


async def ask_one(question: Labelled) -> Result:
    """Ask one question as `ask_all` does, and judge the reply."""
    from actions.base import Service
    from customs.commands.ask import ask

    today = date.today()
    message = await ask(question.question, question.administration, None, today.isoformat())
    custom = message["custom"]
    given = Given(custom["outcome"], custom["reason"], custom["entry"], _offered(custom["blocks"]), message["text"])
    release = Service.knowledge.searcher.release
    words = [_figure_text(release, word, custom["language"], today) for word in question.must]
    banned = [_figure_text(release, word, custom["language"], today) for word in question.must_not]
    candidates, in_scope = ranked(question, custom["administration"])
    return Result(question, given, grade(question, given, words, banned), candidates, in_scope)


def _offered(blocks: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """The entries behind the buttons of a reply."""
    payloads = [item["payload"] for block in blocks if block["type"] == "buttons" for item in block["items"]]
    return tuple(
        json.loads(payload[len("/choose_entry") :])["entry"]
        for payload in payloads
        if payload.startswith("/choose_entry{")
    )


def _figure_text(release: Any, word: str, language: str, day: date) -> str:
    """A figure's number in `language` when `word` is the id of one, else the word itself."""
    from knowledge_base.figures import format_figure

    shelf = release.shelves.get(word.split(".", 1)[0])
    if shelf and word in shelf.figures:
        return format_figure(shelf.figures[word], day, language, number_only=True)
    return word


def ranked(question: Labelled, administration: str | None) -> tuple[tuple[tuple[str, float], ...], float]:
    """The ranked candidates and the gate's share in scope, by the search that the question action uses."""
    from actions.base import Service
    from knowledge_base.language import identify
    from knowledge_base.romanised import search_forms
    from knowledge_base.search import Question

    language = identify(question.question, Service.settings.languages).language
    searcher = Service.knowledge.searcher
    found = [
        searcher.search(Question(form, question.administration or administration, language=language))
        for form in search_forms(question.question)
    ]
    best = max(found, key=lambda each: each.candidates[0].probability if each.candidates else 0.0)
    candidates = tuple((candidate.entry.id, round(candidate.probability, 4)) for candidate in best.candidates)
    return candidates, best.scope.get("in_scope", 1.0)


def summary(results: list[Result]) -> dict[str, Any]:
    """Counts by group, and the measures with their 95 % intervals as [value, low, high]."""
    answerable = [result for result in results if result.question.answerable]
    outside = [result for result in results if result.question.reason in OUTSIDE]
    ranks = [rank_of(r.question.entries, [entry for entry, _ in r.candidates]) for r in answerable]
    english = [result for result in answerable if result.question.language == "en"]
    others = [result for result in answerable if result.question.language != "en"]

    def share(of: list[Result], test: Callable[[Result], bool]) -> list[float]:
        return [round(value, 4) for value in interval(float(test(result)) for result in of)]

    def right(result: Result) -> bool:
        return result.grade.grade == "right"

    def reached(result: Result) -> bool:
        return right(result) or result.grade.offered

    gate = auroc_interval(
        [result.in_scope for result in results if result.question.in_scope], [result.in_scope for result in outside]
    )
    return {
        "questions": len(results),
        "measures": {
            "answerable_right": share(answerable, right),
            "answerable_right_or_offered": share(answerable, reached),
            "answerable_wrong": share(answerable, lambda result: result.grade.grade == "wrong"),
            "false_refusal": share(answerable, lambda result: result.given.reason in OUTSIDE),
            "answerable_silent": share(answerable, lambda result: result.grade.grade == "silent"),
            "outside_not_answered": share(outside, lambda result: result.grade.grade != "wrong"),
            "outside_right_reason": share(outside, lambda result: result.given.reason == result.question.reason),
            "english_right_or_offered": share(english, reached),
            "other_languages_right_or_offered": share(others, reached),
            "recall_at_1": [round(value, 4) for value in interval(rank == 1 for rank in ranks)],
            "recall_at_5": [round(value, 4) for value in interval(0 < rank <= 5 for rank in ranks)],
            "mrr": [round(value, 4) for value in interval(1 / rank if rank else 0.0 for rank in ranks)],
            "scope_auroc": [round(value, 4) for value in gate],
        },
        "by": {
            "administration": _table(results, lambda r: r.question.administration or "none given"),
            "language": _table([r for r in results if r.question.answerable], lambda r: r.question.language),
            "expected": _table(results, lambda r: r.question.reason or r.question.outcome),
            "half": _table(results, lambda r: r.question.half),
        },
    }


def _table(results: list[Result], key: Callable[[Result], str]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for result in results:
        row = table.setdefault(key(result), dict.fromkeys((*GRADES, "of which offered"), 0))
        row[result.grade.grade] += 1
        row["of which offered"] += result.grade.offered
    return dict(sorted(table.items()))


def as_text(results: list[Result], report: dict[str, Any], release: str) -> str:
    """The report as a person reads it: failures with their candidates first, the totals last."""
    lines = [f"Release {release}, {report['questions']} questions", ""]
    for result in results:
        if result.grade.grade == "right":
            continue
        question = result.question
        lines.append(f"{result.grade.grade.upper():10s} {question.id}: {question.question}")
        lines.append(f"{'':10s} expected {', '.join(question.entries) or question.reason}; {result.grade.why}")
        lines.append(f"{'':10s} " + ", ".join(f"{entry} {share:.0%}" for entry, share in result.candidates[:3]))
    for by, table in report["by"].items():
        lines += ["", f"{by:22s}" + "".join(f"{name:>18s}" for name in (*GRADES, "of which offered"))]
        lines += [f"{name:22s}" + "".join(f"{count:18d}" for count in row.values()) for name, row in table.items()]
    lines += ["", f"{'measure':36s} value   95 % interval"]
    for name, (value, low, high) in report["measures"].items():
        lines.append(f"{name:36s} {value:.3f}   {low:.3f} to {high:.3f}")
    return "\n".join(lines)


def read_thresholds(path: Path, part: str = "all") -> dict[str, dict[str, float]]:
    """`least` and `most` by measure, for all questions or the `fast` part. Raises `EvaluationError` for a bound that is neither."""
    from knowledge_base.packs import read_yaml

    content = read_yaml(path)
    if part not in content:
        raise EvaluationError(f"{path}: there are no bounds for {part!r}, but for {', '.join(content) or 'nothing'}.")
    for bound in content[part]:
        if bound not in ("least", "most"):
            raise EvaluationError(f"{path}: {bound!r} is not a bound; expected least or most.")
    return content[part]


def below_thresholds(
    report: dict[str, Any], thresholds: dict[str, dict[str, float]], surely: bool = False
) -> list[str]:
    """A line for each measure that misses its threshold. A measure without questions is passed over.

    `surely`: only when its whole 95 % interval misses it; for a part of the questions, which chance moves more.
    """
    missed = []
    for bound, limits in thresholds.items():
        for name, limit in limits.items():
            if name not in report["measures"]:
                raise EvaluationError(f"There is no measure {name!r}; there are {', '.join(report['measures'])}.")
            value, low, high = report["measures"][name]
            if (high if surely else value) < limit if bound == "least" else (low if surely else value) > limit:
                missed.append(
                    f"{name} is {value:.3f}, expected {'at least' if bound == 'least' else 'at most'} {limit}"
                )
    return missed


def _plain(result: Result) -> dict[str, Any]:
    return {
        "question": asdict(result.question) | {"half": result.question.half},
        "given": asdict(result.given),
        "grade": asdict(result.grade),
        "candidates": result.candidates,
        "in_scope": round(result.in_scope, 4),
    }
