"""Time the sums beside what any program must do with the same basket: read it from JSON, and round-trip it through the standard library.

    python -m benchmarks.rules [--rounds 300] [--json FILE]

One thread, everything in memory, the packs that are served. A sum of twelve goods with all facts known is to take a millisecond at
most (median). Ratios to the baseline, measured in the same run and in turn, may be compared between machines; times may not.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.machine import load_average, processor
from customs.settings import Settings
from knowledge_base.model import Pack
from knowledge_base.packs import pack_folders, read_pack
from knowledge_base.rules.allowance import check_allowance
from knowledge_base.rules.basket import Basket, Good, Money, Traveller
from knowledge_base.rules.figure_book import FigureBook

GOAL_MS = 1.0
# Kind, quantity, unit, price: drinks of every pool, every sort of tobacco, things by value; two pools are over.
TWELVE = (
    ("still_wine", "3.75", "L", "60"), ("sparkling_wine", "1.5", "L", "50"), ("spirits", "0.7", "L", "25"),
    ("beer", "5", "L", "15"), ("liqueur", "0.5", "L", "18"), ("cigarettes", "120", "each", "30"),
    ("cigars", "10", "each", "40"), ("rolling_tobacco", "50", "g", "20"), ("perfume", "0.1", "L", "90"),
    ("other", "1", "each", "250"), ("other", "3", "each", "120"), ("coffee", "500", "g", "12"),
)  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "gb": {"age": 30, "arriving_from": "US", "arriving_in": "GB", "by": "air"},
    "eu": {"age": 30, "arriving_from": "US", "arriving_in": "FR", "by": "air"},
    "us": {"age": 30, "arriving_from": "FR", "resident": True, "away_hours": 200, "days_since_last": 90},
    "ae": {"age": 30, "arriving_in": "AE-DU"},
}


def basket(currency: str, facts: dict[str, Any]) -> Basket:
    """Twelve goods and the facts of a traveller."""
    goods = tuple(
        Good(
            id=f"g{number}",
            kind=kind,
            quantity=Decimal(quantity),
            unit=unit,
            value=Money(amount=Decimal(price), currency=currency),
            strength=Decimal(20) if kind == "liqueur" else None,
        )  # fmt: skip
        for number, (kind, quantity, unit, price) in enumerate(TWELVE, 1)
    )
    return Basket(goods=goods, traveller=Traveller(**facts))


def read_json(text: str) -> Basket:
    """The baseline: the basket as pydantic reads it from the JSON in which a conversation remembers it."""
    return Basket.model_validate_json(text)


def median_ms(jobs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """The median of each job; the jobs take turns, so that a busy moment hits all of them."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    gc.disable()
    try:
        for _ in range(rounds):
            for name, job in jobs.items():
                start = time.perf_counter()
                job()
                times[name].append(time.perf_counter() - start)
    finally:
        gc.enable()
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


def measure(rounds: int) -> dict[str, Any]:
    """By administration: the sum, the same with nothing known of the traveller, and the baseline, in milliseconds."""
    settings = Settings()
    packs = [read_pack(folder) for folder in pack_folders(settings.content_dir, settings.administrations)]
    names = [pack for pack in packs if "allowances" in pack.rules and pack.administration.id in FACTS]
    found = {pack.administration.id: _measure(pack, rounds) for pack in names}
    return {
        "machine": processor(),
        "load": load_average(),
        "rounds": rounds,
        "goal_ms": GOAL_MS,
        "administrations": found,
    }


def _measure(pack: Pack, rounds: int) -> dict[str, float]:
    name, duties = pack.administration.id, pack.rules.get("duties")
    book, excise = FigureBook(pack.figures, date.today()), duties.excise if duties else None
    known, unknown = (basket(pack.administration.currency, facts) for facts in (FACTS[name], {}))
    count = partial(check_allowance, pack.rules["allowances"], book, exchange=None, excise=excise)
    needs = count(known).needs  # units and kinds are read when they are first used
    if needs:
        raise ValueError(f"the basket of the benchmark leaves {', '.join(needs)} open in {name}; settle them in FACTS")
    times = median_ms({"sum": partial(count, known), "baseline": partial(read_json, known.model_dump_json())}, rounds)
    times |= median_ms({"nothing_known": partial(count, unknown)}, max(3, rounds // 50))
    return times | {"ratio": times["sum"] / times["baseline"]}


def report(measured: dict[str, Any]) -> str:
    """The table that is printed."""
    lines = [
        f"allowance of {len(TWELVE)} goods, median of {measured['rounds']}; {measured['machine']}, load {measured['load']}",
        f"{'':4} {'sum, ms':>9} {'baseline, ms':>13} {'ratio':>7} {'nothing known, ms':>18}",
    ]
    for name, times in measured["administrations"].items():
        mark = "" if times["sum"] <= measured["goal_ms"] else f"  over the goal of {measured['goal_ms']} ms"
        lines.append(
            f"{name:4} {times['sum']:9.3f} {times['baseline']:13.3f} {times['ratio']:7.1f} {times['nothing_known']:18.1f}{mark}"
        )
    return "\n".join([*lines, "baseline: pydantic reads the same basket from JSON"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--json", type=Path, help="Write the numbers into this file too.")
    arguments = parser.parse_args()
    measured = measure(arguments.rounds)
    print(report(measured))
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
