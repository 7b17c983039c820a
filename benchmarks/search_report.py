"""What `make bench-search` found, as the Markdown between the markers of docs/search-speed.md."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import machine, report
from customs.settings import ROOT, Settings

DOCUMENT = ROOT / "docs" / "search-speed.md"
BEGIN, END = "<!-- bench-search: begin -->", "<!-- bench-search: end -->"
GOAL_PASSES = 1.5
GOAL_PUBLISH_S = 5.0
GOAL_PUBLISH_ENTRIES = 10_000


def as_text(result: dict[str, Any]) -> str:
    """The whole result: on what it was measured, the searches, publishing, and the crossover to a graph."""
    return "\n\n".join([_about(result["about"]), search_table(result), publish_table(result), neighbour_table(result)])


def about() -> dict[str, Any]:
    """Date, commit, machine and encoder of a run."""
    settings = Settings()
    return {
        "commit": machine.commit(), "processor": machine.processor(), "load": machine.load_average(),
        "encoder": f"{settings.encoder} on {settings.encoder_backend}",
    }  # fmt: skip


def _about(of: dict[str, Any]) -> str:
    return (
        f"- {of['date']}, commit {of['commit']}, encoder {of['encoder']}, one thread\n"
        f"- {of['processor']}, load average {of['load']} before, {of['load_after']} after"
    )


def search_table(result: dict[str, Any]) -> str:
    """p50 and p95 of the search and its stages, and the search in passes of the encoder."""
    rows = []
    for size in result["sizes"]:
        cells = [
            f"{size['ms'][name][0]:.1f} / {size['ms'][name][1]:.1f}" for name in ("search", "encode", "find", "pass")
        ]
        passes = size["ms"]["search"][0] / size["ms"]["pass"][0]
        mark = "✓" if passes <= GOAL_PASSES else "✗"
        rows.append(
            [
                _number(size["size"]),
                _number(size["phrasings"]),
                *cells,
                f"{passes:.2f} {mark}",
                f"{size['resident_mb']:.0f}",
            ]
        )
    heads = ["entries", "phrasings", "search p50 / p95 ms", "of it encode", "of it find and decide", "one encoder pass", f"p50 in passes (goal ≤ {GOAL_PASSES})", "MB for the open release"]  # fmt: skip
    return report.table(heads, rows)


def publish_table(result: dict[str, Any]) -> str:
    """Seconds from a changed entry to an open release that holds it."""
    rows = []
    for size in result["sizes"]:
        of = size["publish"]
        total = of["build"] + of["open"]
        mark = "" if size["size"] != GOAL_PUBLISH_ENTRIES else " ✓" if total <= GOAL_PUBLISH_S else " ✗"
        cells = [
            f"{of['build']:.1f}",
            f"{of['open']:.1f}",
            f"{total:.1f}{mark}",
            f"{of['processor']:.1f}",
            f"{size['first']['build']:.0f}",
        ]
        rows.append([_number(size["size"]), *cells])
    heads = [
        "entries",
        "build aside and verify, s",
        "open beside, s",
        "one changed entry, s",
        "of it processor, s",
        "the first build, s",
    ]
    return report.table(heads, rows)


def neighbour_table(result: dict[str, Any]) -> str:
    """Milliseconds for ten neighbours, every vector compared or by an HNSW graph, and what the graph misses."""
    rows = [
        [_number(of["size"]), f"{of['flat_ms']:.2f}"]
        + [f"{of[f'ef{ef}_ms']:.2f} ({of[f'ef{ef}_recall']:.3f})" for ef in result["ef_search"]]
        + [f"{of['build_s']:.1f}"]
        for of in result["neighbours"]
    ]
    heads = [
        "vectors",
        "flat, ms",
        *(f"HNSW, efSearch {ef}, ms (recall@10)" for ef in result["ef_search"]),
        "graph built in, s",
    ]
    return report.table(heads, rows)


def write(text: str, document: Path = DOCUMENT) -> None:
    """Put `text` between the markers of `document`. Raises `MarkerError` when it lacks them."""
    report.write_between_markers(document, text, BEGIN, END)


def _number(value: int) -> str:
    return f"{value:,}"
