"""How quickly the pages on what people asked come with many turns, as ratios to a plain list of answers: `python -m benchmarks.asked_pages`.

Two months of turns of made-up people are written into a store of its own (SQLite, or PostgreSQL by --database), a third of them waiting and
in groups. Each page is asked for through the whole of Django by somebody who may read them.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.console_setup import set_up_console
from customs.settings import ROOT

DAY = 86_400.0
PLAIN = "/snippets/guidance/entry/"
WORDS = "drone honey piano cigars laptop fine refund parcel dog plant medicine gold watch cash car bicycle perfume cheese wine jewellery".split()


def fill(folder: Path, database: str, number: int) -> str:
    """Keep `number` turns, grouped; returns a group that is asked about by many."""
    from customs.asked import AskedTurn, Store

    chance, now = random.Random(7), time.time()
    outcomes = (("answered", None), ("answered", None), ("answered", None), ("calculated", None), ("declined", "no_guidance"),
                ("declined", "out_of_scope"), ("asked_back", "which_entry"), ("failed", "timeout"))  # fmt: skip
    groups = [f"g{group:05}" for group in range(max(1, number // 12))]
    turns = []
    for each in range(number):
        outcome, reason = chance.choice(outcomes)
        said = f"may i bring my {chance.choice(WORDS)} and {chance.choice(WORDS)} number {each % 997}"
        waits = reason is not None
        turns.append(
            AskedTurn(f"t{each:06}", now - chance.random() * 60 * DAY, f"p{chance.randrange(number // 3)}", chance.choice(("web", "telegram")), said,
                      False, outcome, reason, chance.choice(("en", "ar", "fr", "hi")), chance.choice(("gb", "ae", "us", None)),
                      "qm.alcohol.allowance" if outcome == "answered" else None, "r1", "An answer of a few words. " * 8,
                      chance.choice(("up", "down", None, None, None)),
                      group_id=groups[min(int(chance.expovariate(3) * len(groups)), len(groups) - 1)] if waits else None)
        )  # fmt: skip
    store = Store(database or folder / "asked.db")
    store.db.execute("DELETE FROM turns")
    for start in range(0, number, 1000):
        store.add(turns[start : start + 1000])
    store.db.execute(
        "INSERT INTO titles SELECT group_id, min(id) FROM turns WHERE group_id IS NOT NULL GROUP BY group_id"
    )
    most = store.db.execute(
        "SELECT group_id FROM turns WHERE group_id IS NOT NULL GROUP BY group_id ORDER BY count(*) DESC LIMIT 1"
    )
    found = most.fetchone()[0]
    store.close()
    return found


def measure(group: str, rounds: int) -> dict[str, dict[str, float]]:
    """Seconds and the processor's own seconds a page (medians of `rounds` after one that warms up), with ratios to the plain list."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.core.management import call_command
    from django.test import Client

    from knowledge_base.console.accounts.roles import ensure_roles
    from knowledge_base.console.guidance.importing import import_pack
    from knowledge_base.console.unanswered.asked import asked_store

    call_command("migrate", verbosity=0)
    ensure_roles()
    import_pack(ROOT / "tests" / "fixtures" / "packs" / "qm")
    user = get_user_model().objects.create_user("bench")
    user.groups.set(Group.objects.filter(name="author"))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with asked_store() as store:
        turn = next(store.select("group_id = ?", (group,), limit=1)).id
    pages = {
        "plain list of answers": PLAIN,
        "queue": "/unanswered/",
        "queue, filtered": "/unanswered/?kind=no_guidance&language=en",
        "one group": f"/unanswered/{group}/",
        "conversation": f"/unanswered/conversation/{turn}/",
        "figures of use, 30 days": "/reports/",
        "figures of use, 60 days": f"/reports/?since={time.strftime('%Y-%m-%d', time.gmtime(time.time() - 60 * DAY))}",
        "questions behind them": "/reports/questions/",
        "one report as CSV": "/reports/csv/topic/",
    }
    found: dict[str, dict[str, float]] = {}
    for name, path in pages.items():
        taken, cpu = [], []
        for _ in range(rounds + 1):
            started, cpu_started = time.perf_counter(), time.process_time()
            response = client.get(path)
            taken.append(time.perf_counter() - started)
            cpu.append(time.process_time() - cpu_started)
            assert response.status_code == 200, (path, response.status_code)
        found[name] = {"median_s": statistics.median(taken[1:]), "cpu_s": statistics.median(cpu[1:])}
        found[name]["ratio"] = found[name]["cpu_s"] / found["plain list of answers"]["cpu_s"]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--database", default="", help="postgresql://… for the turns; empty: SQLite in a folder of its own"
    )
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_console(Path(folder), asked_database_url=arguments.database)
        group = fill(Path(folder), arguments.database, arguments.turns)
        found = measure(group, arguments.rounds)
    for name, each in found.items():
        print(
            f"{name:28} {each['median_s']:7.3f} s, processor {each['cpu_s']:7.3f} s, {each['ratio']:5.2f} times the plain list"
        )
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"turns": arguments.turns, "pages": found}, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
