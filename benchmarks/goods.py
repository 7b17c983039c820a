"""Time the reading of goods beside what a question needs anyhow: finding places and quantities in the same text.

    python -m benchmarks.goods [--rounds 5]

One thread, words warmed, each text read without its cache. The lines are those of tests/knowledge_base/goods/understood.yml, in eight
languages. A message is to take three milliseconds at most (median). The ratio, measured in the same run and in turn, may be compared
between machines; times may not.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.machine import load_average, processor
from knowledge_base.goods import messages
from knowledge_base.goods.understanding import understand, warm_up
from knowledge_base.packs import read_yaml
from knowledge_base.places import find_places
from knowledge_base.quantities import find_quantities
from knowledge_base.rules.basket import Basket

GOAL_MS = 3.0
LINES = Path("tests/knowledge_base/goods/understood.yml")


def _read(text: str, language: str) -> None:
    messages.read_message.cache_clear()
    understand(text, language, Basket(), currency="EUR")


def _needed_anyhow(text: str, language: str) -> None:
    find_places(text)
    find_quantities(text + " ", language)


def _timed(work: Callable[[str, str], None], text: str, language: str) -> float:
    start = time.perf_counter()
    work(text, language)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Prints the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lines = [(str(line["say"]), language) for language, listed in read_yaml(LINES).items() for line in listed]
    warm_up()
    for text, language in lines:
        _read(text, language)
    gc.collect()
    times: dict[str, list[float]] = {"read": [], "anyhow": []}
    for turn in range(rounds):
        for text, language in lines:
            text = f"{text} {'.' * turn}"  # no cache of the baseline knows it
            times["read"].append(_timed(_read, text, language))
            times["anyhow"].append(_timed(_needed_anyhow, text, language))
    read, anyhow = (statistics.median(times[name]) for name in ("read", "anyhow"))
    slowest = statistics.quantiles(times["read"], n=20)[-1]
    print(f"{processor()}, load {load_average()}; {len(lines)} messages, {rounds} rounds")
    print(
        f"a message: {read:.2f} ms (95 of 100 within {slowest:.2f} ms), {read / anyhow:.1f} times places and quantities"
    )
    print(f"goal: {GOAL_MS:.0f} ms: {'reached' if read <= GOAL_MS else 'missed'}")


if __name__ == "__main__":
    main()
