"""The result of a run as Markdown tables, and their place in docs/performance.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.spread import Spread, ratio_of_rounds, short
from benchmarks.stages import OURS, STOCK, TOTAL

BEGIN = "<!-- bench-turn: begin -->"
END = "<!-- bench-turn: end -->"
TITLES = {
    "ours": "ours",
    "stock": "stock",
    "stock-action": "stock with an action",
    "stock-action-kept": "the same, kept in SQLite",
    "stock-action-pinned": "the same, our packages",
}
GOAL_P50 = 0.25
GOAL_RATE = 4.0


class MarkerError(ValueError):
    """The document lacks one of the markers, or they are in the wrong order."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_between_markers(document: Path, text: str, begin: str = BEGIN, end: str = END) -> None:
    """Replace what stands between the markers of `document`. Raises `MarkerError`; the file is then as it was."""
    before = document.read_text(encoding="utf-8")
    start, stop = before.find(begin), before.find(end)
    if start < 0 or stop < start:
        raise MarkerError(f"{document} must have the lines {begin} and {end}, in this order, once each.")
    after = f"{before[:start]}{begin}\n{text.strip()}\n{before[stop:]}"
    document.write_text(after, encoding="utf-8")


def _values(result: dict[str, Any], system: str, concurrency: int, key: str) -> list[float]:
    return [cell[key] for cell in result["cells"] if (cell["system"], cell["concurrency"]) == (system, concurrency)]


def _titles(result: dict[str, Any]) -> dict[str, str]:
    """The titles of the systems that were measured."""
    measured = {cell["system"] for cell in result["cells"]}
    return {system: title for system, title in TITLES.items() if system in measured}


def _concurrencies(result: dict[str, Any]) -> list[int]:
    return sorted({cell["concurrency"] for cell in result["cells"]})


def outcomes(result: dict[str, Any]) -> dict[str, Counter[str]]:
    """Counts of what came of the turns, by system."""
    counts: dict[str, Counter[str]] = {}
    for cell in result["cells"]:
        counts.setdefault(cell["system"], Counter()).update(cell["outcomes"])
    return counts


def _is_failure(outcome: str) -> bool:
    """`failed/…` of ours, an empty list or an HTTP error, or the name of an exception."""
    return outcome.startswith(("failed", "http_")) or outcome == "empty" or outcome[:1].isupper()


def failed_turns(result: dict[str, Any]) -> int:
    """How many turns got no answer at all, in all systems together."""
    return sum(
        count for counted in outcomes(result).values() for outcome, count in counted.items() if _is_failure(outcome)
    )


def speed_table(result: dict[str, Any]) -> str:
    rows = []
    for concurrency in _concurrencies(result):
        for system, title in _titles(result).items():
            values = {
                key: _values(result, system, concurrency, key) for key in ("p50", "p95", "messages_per_s", "cpu_ms")
            }
            rows.append([f"{concurrency}: {title}", *(str(Spread.of(values[key])) for key in values)])
    return table(["at once: system", "p50 ms", "p95 ms", "messages/s", "CPU ms a message"], rows)


def ratio_table(result: dict[str, Any]) -> str:
    """Ours over each peer, with a mark for the goal."""
    peers = {system: title for system, title in _titles(result).items() if system != "ours"}
    rows = []
    for system, title in peers.items():
        for concurrency in _concurrencies(result):
            row = [f"{title}, {concurrency} at once"]
            for key, goal, at_most in (("p50", GOAL_P50, True), ("messages_per_s", GOAL_RATE, False)):
                ratio = ratio_of_rounds(
                    _values(result, "ours", concurrency, key), _values(result, system, concurrency, key)
                )
                reached = ratio.median <= goal if at_most else ratio.median >= goal
                row.append(f"{ratio} {'✓' if reached else '✗'}")
            rows.append(row)
    return table(["ours / peer", "p50", "messages/s"], rows)


def session_table(result: dict[str, Any]) -> str:
    windows = result["effort"]["windows"]
    rows = []
    for system, title in _titles(result).items():
        medians = [Spread.of(series[place] for series in result["sessions"][system]) for place in range(len(windows))]
        growth = medians[-1].median / medians[0].median
        rows.append([title, *map(str, medians), f"× {short(growth)}"])
    return table(["p50 ms of turn", *(f"{first}–{last}" for first, last in windows), "last / first"], rows)


def stage_table(result: dict[str, Any]) -> str:
    titles = list(dict.fromkeys(stage.title for stage in (*OURS, *STOCK)))
    parts = {stage.title for stage in OURS if stage.part}
    # Channel to Rasa comes first in a stock bot, as nothing lies before it.
    titles.sort(key=lambda title: not title.startswith(("chat", "of it: transcript", "HTTP")))
    rows = []
    for title in [*titles, TOTAL]:
        mark = "**" if title == TOTAL else ""
        cells = []
        for system in _titles(result):
            value = result["stages"][system].get(title)
            cells.append("–" if value is None else f"{mark}{short(value)}{mark}")
        name = f"– {title}" if title in parts else f"{mark}{title}{mark}"
        rows.append([name, *cells])
    return table(["stage, mean ms", *_titles(result).values()], rows)


def process_table(result: dict[str, Any]) -> str:
    """Memory, processor time (where most was asked at once) and start of each process."""
    busiest = _concurrencies(result)[-1]
    cpu: dict[str, list[float]] = {}
    for cell in result["cells"]:
        if cell["concurrency"] == busiest:
            for name, used in cell["cpu_ms_by_process"].items():
                cpu.setdefault(name, []).append(used)
    rows = [
        [name, f"{resident:.0f}", str(Spread.of(cpu[name])), f"{result['ready_after_s'][name]:.1f}"]
        for name, resident in result["memory_mb"].items()
    ]
    ours = sum(resident for name, resident in result["memory_mb"].items() if not name.startswith("stock"))
    head = ["process", "RSS after load, MB", f"CPU ms a message, {busiest} at once", "start to ready, s"]
    return table(head, [*rows, ["**ours together**", f"{ours:.0f}", "", ""]])


def _outcome_line(counted: Counter[str]) -> str:
    total = sum(counted.values())
    return ", ".join(f"{outcome} {count / total:.1%}" for outcome, count in counted.most_common())


def about_lines(result: dict[str, Any]) -> str:
    about, effort = result["about"], result["effort"]

    def versions(packages: dict[str, str]) -> str:
        return ", ".join(f"{package} {version}" for package, version in packages.items())

    return "\n".join(
        [
            f"- {about['date']}, commit {about['commit']}, release {about['release']}, encoder {about['encoder']}.",
            f"- {about['cores']} cores ({about['processor']}), {about['memory_gb']} GB, {about['system']}; load average "
            f"{about['load_before']} before and {about['load_after']} after.",
            f"- Python {about['python']}: {versions(about['app'])}. Rasa's environment, ours and the stock bots': "
            f"{versions(about['rasa'])}.",
            f"- {effort['rounds']} rounds of {effort['seconds']:g} s for each system and concurrency; medians of the rounds, "
            "in brackets the least and the greatest. Ratios are taken round by round.",
            *(
                f"- Turns of {TITLES[system]}: {_outcome_line(counted)}."
                for system, counted in outcomes(result).items()
            ),
        ]
    )


def render(result: dict[str, Any]) -> str:
    """All tables."""
    sections = [
        about_lines(result),
        f"### Against the stock bot\n\nGoals: p50 ≤ {GOAL_P50:g}, messages/s ≥ {GOAL_RATE:g}.\n\n{ratio_table(result)}",
        f"### Speed\n\n{speed_table(result)}",
        f"### Where the time goes\n\nOne turn at a time, traced processes, mean of the middle half.\n\n{stage_table(result)}",
        f"### Long conversations\n\n{session_table(result)}",
        f"### Memory, processor and start\n\n{process_table(result)}",
    ]
    return "\n\n".join(sections)
