"""Time one question through the encoder's backends, interleaved in one run, and print the ratios.

    python benchmarks/encoder.py [--models models] [--rounds 60] [--testset FILE]

Absolute times depend on the machine and on what else runs there: quote the ratios. With a test set (JSON with `passages`:
[{id, title, text}] and `questions`: [{lang, q, gold: [id]}]) it prints also how often the right passage comes first.
"""

from __future__ import annotations

import sys
from os.path import abspath, dirname

# The project's root in place of this folder, whose file names would hide modules of the standard library.
sys.path[0] = dirname(dirname(abspath(__file__)))

import argparse  # noqa: E402
import json  # noqa: E402
import random  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

from knowledge_base.index.encoder import BACKENDS, BUILTIN, Encoder, load_encoder  # noqa: E402

QUESTIONS = (
    "how much wine can i bring into dubai",
    "do i need to declare cash over ten thousand when leaving",
    "is vaping liquid allowed in hand luggage",
    "كم سيجارة مسموح لي أن أحضر معي إلى الإمارات",
    "¿puedo llevar jamón de España en la maleta?",
    "combien de bouteilles de vin puis-je rapporter",
    "क्या मैं दुबई से सोना ला सकता हूँ",
    "сколько сигарет можно провезти без пошлины",
    "کیا میں پاکستان سے مٹھائی لا سکتا ہوں",
    "可以带多少现金入境",
)


def bare_pass(encoder: Encoder):
    """The ONNX pass alone (tokens, graph), without sentence-transformers around it."""
    graph = encoder.model[0].opened

    def run(text: str) -> np.ndarray:
        return graph.encode([text], "query: ")

    return run


def measure_speed(encoders: dict[str, Encoder], rounds: int) -> dict[str, float]:
    """Median seconds for one question; the order changes every round, so that a busy minute hits all alike."""
    ways = {
        name: (lambda text, e=encoder: e.model.encode_query([text], show_progress_bar=False))
        for name, encoder in encoders.items()
    }
    ways["onnx, bare pass"] = bare_pass(encoders["onnx"])
    times: dict[str, list[float]] = {name: [] for name in ways}
    shuffled = random.Random(1)
    for turn in range(rounds + 3):
        question = QUESTIONS[turn % len(QUESTIONS)]
        for name in shuffled.sample(list(ways), len(ways)):
            start = time.perf_counter()
            ways[name](question)
            if turn >= 3:  # the first rounds warm up
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def measure_quality(encoder: Encoder, testset: dict) -> dict[str, tuple[float, float]]:
    """R@1 and R@5 for English, and their means over the other languages that hold at least 30 questions."""
    passages = [f"{passage['title']}. {passage['text']}" for passage in testset["passages"]]
    ids = [passage["id"] for passage in testset["passages"]]
    questions = [question for question in testset["questions"] if question["gold"]]
    documents = encoder.encode_document(passages)
    order = np.argsort(-(encoder.encode_query([question["q"] for question in questions]) @ documents.T), axis=1)
    hits: dict[str, list[tuple[bool, bool]]] = {}
    for question, row in zip(questions, order):
        ranked = [ids[i] for i in row[:5]]
        gold = set(question["gold"])
        hits.setdefault(question["lang"], []).append((ranked[0] in gold, bool(gold & set(ranked))))
    means = {lang: tuple(np.mean(found, axis=0)) for lang, found in hits.items() if len(found) >= 30}
    others = [score for lang, score in means.items() if lang != "en"]
    return {"English": means["en"], f"mean of {len(others)} others": tuple(np.mean(others, axis=0))}


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--testset", type=Path)
    options = parser.parse_args()
    encoders = {backend: load_encoder(BUILTIN, backend, 1, options.models) for backend in BACKENDS}
    speed = measure_speed(encoders, options.rounds)
    base = speed["onnx"]
    print(
        f"One question, one thread, median of {options.rounds} interleaved rounds; ratio to onnx ({base * 1e3:.1f} ms here)"
    )
    for name, seconds in sorted(speed.items(), key=lambda item: item[1]):
        print(f"  {name:16} {seconds / base:5.2f}")
    sample = {name: encoder.encode_query(QUESTIONS) for name, encoder in encoders.items()}
    for name in ("onnx", "onnx-int8"):
        cosine = (sample[name] * sample["torch"]).sum(1)
        difference = np.abs(sample[name] - sample["torch"]).max()
        print(
            f"{name} against torch: cosine min {cosine.min():.4f}, largest difference of a component {difference:.1e}"
        )
    if options.testset:
        testset = json.loads(options.testset.read_text(encoding="utf-8"))
        for name, encoder in encoders.items():
            scores = measure_quality(encoder, testset)
            print(
                f"{name:10}",
                "; ".join(f"{group}: R@1 {one:.3f}, R@5 {five:.3f}" for group, (one, five) in scores.items()),
            )


if __name__ == "__main__":
    main()
