"""Our search beside its peers: the same entries, questions, administration filter and rule for choosing a threshold."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.peers.environment import MINILM_SHA256, minilm_folder
from benchmarks.peers.haystack import Haystack
from benchmarks.peers.material import Asked, Document, Peer, PeerMissing, Ranking
from benchmarks.peers.nearest import Encode, Nearest, load_minilm
from benchmarks.peers.response_selector import ResponseSelector
from benchmarks.peers.words import Words
from benchmarks.selective import Judged, choose_threshold, finding, judge, replying
from customs.settings import ROOT
from knowledge_base.answer_text import figures_in
from knowledge_base.evaluation import HALVES, Labelled, plain
from knowledge_base.index.embeddings import EmbeddingCache, Encodes
from knowledge_base.index.release import Release

BENCH = ROOT / "var" / "bench"
OURS = "**our search**"
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """One system: what it finds by language or half, how it replies by scope (`english` or `all` languages) and half; or why it is missing."""

    name: str
    missing: str = ""
    found: dict[str, dict[str, Interval]] | None = None
    replied: dict[tuple[str, str], dict[str, Interval]] | None = None
    seconds: float = 0.0


class Remembered:
    """An encoder whose vectors are kept in var/bench/, so that a second run does not encode all phrasings again."""

    def __init__(self, name: str, encode: Encode, dimension: int, folder: Path = BENCH) -> None:
        self.id, self.dimension, self.gate_dimension = name, dimension, dimension
        self._encode, self._path = encode, folder / "embeddings.db"

    def encode_query(self, texts: list[str]) -> np.ndarray:
        return self._encode(texts)

    encode_document = encode_for_gate = encode_query

    def __call__(self, texts: list[str]) -> np.ndarray:
        cache = EmbeddingCache(self._path, self)
        try:
            return cache.vectors("query", texts)
        finally:
            cache.close()


def minilm() -> Encode:
    """all-MiniLM-L6-v2, loaded for the first text that is new. Raises `PeerMissing`."""
    loaded: list[Encode] = []

    def encode(texts: list[str]) -> np.ndarray:
        if not loaded:
            loaded.append(load_minilm())
        return loaded[0](texts)

    minilm_folder()  # missing here already, even when every text is remembered
    return Remembered(f"all-MiniLM-L6-v2@{MINILM_SHA256[:12]}", encode, 384)


def own_encoder(encoder: Encodes) -> Encode:
    """The encoder of our search, its vectors kept."""
    return Remembered(encoder.id, encoder.encode_query, encoder.dimension)


def peers(encoder: Encodes) -> list[Peer]:
    """The systems that rank all ways of asking within minutes; `encoder` is the one that our search uses."""
    return [
        Words(),
        Nearest("all-MiniLM-L6-v2 + FAISS, nearest question", minilm),
        Nearest("our encoder + FAISS, nearest question", lambda: own_encoder(encoder)),
    ]


def slow_peers(encoder: Encodes) -> list[Peer]:
    """Those that take hours for it: Haystack looks at every document anew for each question, Rasa learns for days."""
    return [
        Haystack("Haystack 3.4, BM25 + all-MiniLM-L6-v2", minilm, BENCH / "haystack-minilm"),
        Haystack("Haystack 3.4, BM25 + our encoder", lambda: own_encoder(encoder), BENCH / "haystack-own"),
        ResponseSelector(BENCH / "response-selector"),
    ]


def lacking(release: Release, texts: dict[str, str], questions: Sequence[Labelled]) -> frozenset[tuple[str, str]]:
    """(question id, entry) where an accepted entry lacks a figure or word that the reply must hold. `texts`: answers by entry."""
    found = set()
    for question in questions:
        for name in question.entries:
            entry = release.entry(name)
            held = figures_in(entry.answer) if entry else set()
            if any(word not in held and plain(word) not in plain(texts.get(name, "")) for word in question.must):
                found.add((question.id, name))
    return frozenset(found)


def row(
    name: str, rankings: dict[str, Ranking], questions: Sequence[Labelled], lacks: frozenset, seconds: float
) -> Row:
    """What a system found and, with the threshold chosen on the choosing half, replied."""
    judged = [judge(question, rankings.get(question.id, []), lacks) for question in questions]
    parts: dict[str, list[Judged]] = {
        "english": [each for each in judged if each.question.language == "en" and not each.question.held_out],
        "others": [each for each in judged if each.question.language != "en" and not each.question.held_out],
    } | {half: [each for each in judged if each.question.half == half] for half in HALVES}
    replied = {}
    # In English by itself, too: what knows no other language is surest where it is wrong.
    for scope, of in (("english", [each for each in judged if each.question.language == "en"]), ("all", judged)):
        halves = {half: [each for each in of if each.question.half == half] for half in HALVES}
        threshold = choose_threshold(halves["choosing"])
        replied |= {(scope, half): replying(halves[half], threshold) for half in HALVES}
    return Row(name, found={part: finding(of) for part, of in parts.items()}, replied=replied, seconds=seconds)


def compare(
    release: Release,
    documents: list[Document],
    asked: list[tuple[Labelled, Asked]],
    ours: dict[str, Ranking],
    others: Sequence[Peer],
    say: Callable[[str], None] = print,
) -> list[Row]:
    """A row for us and for each peer; one that cannot be measured says why."""
    questions = [question for question, _ in asked]
    lacks = lacking(release, {document.entry: document.answer for document in documents}, questions)
    rows = [row(OURS, ours, questions, lacks, 0.0)]
    for peer in others:
        say(f"asking {peer.name}")
        started = time.monotonic()
        try:
            rankings = peer.rank(documents, [each for _, each in asked])
        except PeerMissing as missing:
            say(str(missing))
            rows.append(Row(peer.name, str(missing)))
            continue
        rows.append(row(peer.name, rankings, questions, lacks, time.monotonic() - started))
    return rows


def value(of: Interval, short: bool = False) -> str:
    """A share and its interval, or a dash where nothing was asked."""
    if of[0] != of[0]:
        return "–"
    return f"{of[0]:.2f}" if short else f"{of[0]:.2f} ({of[1]:.2f}–{of[2]:.2f})"


def finding_table(rows: Sequence[Row]) -> str:
    """R@1 with interval, R@5 and MRR: English, other languages, and R@1 of the halves."""
    lines = [
        "| system | English R@1 | R@5 | MRR | other languages R@1 | R@5 | MRR | R@1 reporting half | R@1 held-out |",
        "|---|" + "---|" * 8,
    ]
    for each in rows:
        if each.found is None:
            lines.append(f"| {each.name} | not measured: {each.missing} |" + " |" * 7)
            continue
        cells = [text for part in ("english", "others") for text in (value(each.found[part]["r1"]), *(value(each.found[part][name], True) for name in ("r5", "mrr")))]  # fmt: skip
        cells += [value(each.found[half]["r1"]) for half in ("reporting", "held-out")]
        lines.append(f"| {each.name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def replying_table(rows: Sequence[Row], scope: str, half: str) -> str:
    """Right, wrong and silent with the threshold of the choosing half, on another half, for `english` or `all` languages."""
    lines = ["| system | right | wrong | silent | answered what has no answer |", "|---|---|---|---|---|"]
    for each in rows:
        if each.replied is not None:
            cells = [
                value(each.replied[scope, half][name]) for name in ("right", "wrong", "silent", "answered_outside")
            ]
            lines.append(f"| {each.name} | {' | '.join(cells)} |")
    return "\n".join(lines)
