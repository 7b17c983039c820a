"""Time the search at several sizes of the knowledge base, beside one pass of the encoder in the same run.

    python -m benchmarks.search [--sizes 600 10000 100000] [--questions 200] [--json FILE] [--no-write]
    python -m benchmarks.search --served [--questions 200]

With `--served` nothing is built: the release that is served is asked, each question of its own administration, and the ratio is printed.

Each size is built and searched in processes of its own, so that memory can be told, with every library on one thread. The result goes
between the markers of docs/search-speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from customs.settings import ROOT, Settings

BENCH = ROOT / "var" / "bench" / "search"
SIZES = (600, 10_000, 100_000)
# More phrasings would need more memory than a laptop has for the largest; said in the report.
PHRASINGS = {100_000: 5}
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")}


def _encoder() -> Any:
    from benchmarks.multiplied import MultipliedEncoder
    from knowledge_base.index.encoder import load_encoder

    settings = Settings()
    real = load_encoder(settings.encoder, settings.encoder_backend, 1, settings.models_dir)
    BENCH.mkdir(parents=True, exist_ok=True)
    return MultipliedEncoder(real, BENCH / "real.db")


def _packs() -> list[Any]:
    from knowledge_base.packs import pack_folders, read_pack

    settings = Settings()
    return [read_pack(folder) for folder in pack_folders(settings.content_dir, settings.administrations)]


def build(size: int) -> dict[str, Any]:
    """Build the release of `size` entries, then change one entry and publish again as an editor's change would be."""
    from benchmarks.multiplied import multiply
    from customs.commands.build import SCOPE_EXAMPLES
    from knowledge_base.index.manifest import switch_to
    from knowledge_base.index.release import Before, Release, open_release, prepare_release
    from knowledge_base.index.scope import read_examples
    from knowledge_base.search import Searcher

    encoder, packs, examples = _encoder(), _packs(), read_examples(SCOPE_EXAMPLES)
    encoder.learn(packs)
    pack = multiply(packs, size, PHRASINGS.get(size))
    folder, today = BENCH / str(size), date.today()
    before = Before()  # of the publisher, as `served` is the action server's
    served: list[Release | None] = [None]

    def publish(pack: Any) -> dict[str, float]:
        started, worked = time.perf_counter(), time.process_time()
        made = prepare_release([pack], examples, encoder, folder, today, before=before).folder
        switch_to(made)
        built = time.perf_counter()
        served[0] = open_release(made, encoder, like=served[0])
        Searcher(served[0], encoder)
        ended = time.perf_counter()
        return {"build": built - started, "open": ended - built, "processor": time.process_time() - worked}

    first = publish(pack)
    changed = next(iter(pack.entries))
    entry = pack.entries[changed]
    new = {language: [*texts] for language, texts in entry.questions.items()}
    new["en"][0] += f" ({time.time_ns()})"  # new in every run: it must be encoded
    changed_entry = entry.model_copy(update={"questions": new})
    again = publish(pack.model_copy(update={"entries": {**pack.entries, changed: changed_entry}}))
    texts = sum(len(texts) for entry in pack.entries.values() for texts in entry.questions.values()) + size
    return {"size": size, "phrasings": texts, "first": first, "publish": again, "peak_mb": _peak_mb()}


def ask(size: int, count: int) -> dict[str, Any]:
    """Ask `count` questions of the release of `size` entries, 0: of the served one; before or after each, by chance, one pass of the encoder with the same text."""
    from benchmarks.encoder import bare_pass
    from benchmarks.multiplied import ADMINISTRATION
    from knowledge_base.evaluation import read_questions
    from knowledge_base.index.release import CURRENT, open_release
    from knowledge_base.language import identify
    from knowledge_base.search import Question, Searcher

    encoder = _encoder()
    before = _resident_mb()
    started = time.perf_counter()
    folder = BENCH / str(size) if size else Settings().var_dir
    searcher = Searcher(open_release(folder / "releases" / CURRENT, encoder if size else encoder.real), encoder)
    opened = time.perf_counter() - started
    chance = random.Random(size)
    asked = read_questions(ROOT / "data" / "evaluation")
    own = {q.question: q.administration or next(iter(searcher.release.shelves)) for q in asked if len(q.question) < 200}
    texts = list(own)
    floor = bare_pass(encoder.real)
    times: dict[str, list[float]] = {"search": [], "encode": [], "find": [], "pass": []}

    def search(text: str, administration: str) -> None:
        language = identify(text).language  # which a turn finds out once, whatever it asks the search
        begun = time.perf_counter()
        found = searcher.search(Question(text, administration, language=language))
        times["search"].append(time.perf_counter() - begun)
        for stage in ("encode", "find"):
            times[stage].append(found.seconds[stage])

    def encode(text: str, administration: str) -> None:
        begun = time.perf_counter()
        floor(text)
        times["pass"].append(time.perf_counter() - begun)

    steps: list[Callable[[str, str], None]] = [search, encode]
    for number, text in enumerate(chance.choices(texts, k=count + 10)):
        if number == 10:  # the first ones warm up
            for values in times.values():
                values.clear()
        chance.shuffle(steps)
        for step in steps:
            step(f"{text} {number}", ADMINISTRATION if size else own[text])  # a text that the encoder does not remember
    return {
        "size": size, "open_s": opened, "resident_mb": _resident_mb() - before, "process_mb": _resident_mb(),
        "ms": {name: [float(np.percentile(values, at)) * 1000 for at in (50, 95)] for name, values in times.items()},
    }  # fmt: skip


def _resident_mb() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _peak_mb() -> float:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _in_process(*arguments: str) -> dict[str, Any]:
    """Run one step in a process of its own and return its result. Raises CalledProcessError with the step's output shown."""
    command = [sys.executable, "-m", "benchmarks.search", *arguments]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=os.environ | ONE_THREAD | {"PYTHONPATH": str(ROOT)}
    )
    done.check_returncode()
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--json", type=Path, help="write the numbers to a file, too")
    parser.add_argument("--no-write", action="store_true", help="print only; leave docs/search-speed.md as it is")
    parser.add_argument("--served", action="store_true", help="ask the served release only and print the ratio")
    parser.add_argument("--step", choices=["build", "ask", "neighbours"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        from benchmarks import neighbours

        size = options.sizes[0]
        steps = {
            "build": lambda: build(size),
            "ask": lambda: ask(size, options.questions),
            "neighbours": lambda: neighbours.measure(_encoder().phrasings(_packs())),
        }
        print(json.dumps(steps[options.step]()))
        return
    if options.served:
        ms = _in_process("--step", "ask", "--sizes", "0", "--questions", str(options.questions))["ms"]
        for name, (middle, late) in ms.items():
            print(f"{name}: p50 {middle:.2f} ms, p95 {late:.2f} ms, {middle / ms['pass'][0]:.2f} passes")
        return
    from benchmarks import neighbours, search_report
    from benchmarks.machine import load_average

    started = search_report.about() | {"date": date.today().isoformat()}
    result: dict[str, Any] = {"sizes": [], "ef_search": neighbours.EF_SEARCH}
    for size in options.sizes:
        print(f"{size} entries: building", file=sys.stderr, flush=True)
        built = _in_process("--step", "build", "--sizes", str(size))
        print(f"{size} entries: asking", file=sys.stderr, flush=True)
        result["sizes"].append(
            built | _in_process("--step", "ask", "--sizes", str(size), "--questions", str(options.questions))
        )
        print(json.dumps(result["sizes"][-1]), file=sys.stderr, flush=True)
    result["neighbours"] = _in_process("--step", "neighbours")
    result["about"] = started | {"load_after": load_average()}
    text = search_report.as_text(result)
    print(text)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    if not options.no_write:
        search_report.write(text)


if __name__ == "__main__":
    main()
