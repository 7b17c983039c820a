"""How quickly the console's lists and editors come with a country's worth of answers: `make bench-console`.

The shipped packs are taken over and their answers multiplied until there are as many as asked for, in a database of its own (SQLite, or
PostgreSQL by --database). Each page is asked for through the whole of Django, as a browser would, by somebody with an author's rights.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.console_setup import set_up_console
from customs.settings import ROOT

GOAL_S = 0.5


def fill(entries: int) -> int:
    """Take over the shipped packs and add copies of answers until there are `entries`; returns how many there are."""
    from knowledge_base.console.accounts.prepare import prepare
    from knowledge_base.console.guidance.models import Entry, Question

    prepare(ROOT / "knowledge_base" / "content", ("ae", "us", "gb", "eu"), lambda _text: None)
    originals = list(Entry.objects.order_by("pk").prefetch_related("questions"))
    number = Entry.objects.count()
    while number < entries:
        copies = []
        for original in originals[: entries - number]:
            number += 1
            copy = Entry.objects.get(pk=original.pk)
            copy.pk = copy.latest_revision_id = copy.live_revision_id = None
            copy.key, copy.title = f"{original.key}_{number}", f"{original.title} ({number})"
            copies.append((copy, original))
        Entry.objects.bulk_create([copy for copy, _ in copies])
        Question.objects.bulk_create(
            [
                Question(entry=copy, language=question.language, text=question.text, sort_order=question.sort_order)
                for copy, original in copies
                for question in original.questions.all()
            ],
            batch_size=5_000,
        )
    return number


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """Seconds a page by its name: median and slowest of `rounds` after one that warms up, and the processor's own seconds."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.test import Client

    from knowledge_base.console.guidance.models import Entry, Figure

    user = get_user_model().objects.create_user("bench")
    user.groups.set(Group.objects.filter(name="author"))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    # The answer with the most questions has the slowest editor.
    from django.db.models import Count

    entry = Entry.objects.annotate(many=Count("questions")).order_by("-many").first()
    figure = Figure.objects.first()
    listed = "/snippets/guidance/entry/"
    pages = {
        "list": listed,
        "list, last page": f"{listed}?p={(Entry.objects.count() - 1) // 20 + 1}",
        "list, searched": f"{listed}?q=wine",
        "list, filtered": f"{listed}?state=draft&topic=alcohol",
        "edit": f"{listed}edit/{entry.pk}/",
        "history": f"{listed}history/{entry.pk}/",
        "figures": "/snippets/guidance/figure/",
        "figure": f"/snippets/guidance/figure/edit/{figure.pk}/",
        "figure's use": f"/snippets/guidance/figure/usage/{figure.pk}/",
    }
    found = {}
    for name, path in pages.items():
        taken, cpu = [], []
        for _ in range(rounds + 1):
            started, cpu_started = time.perf_counter(), time.process_time()
            response = client.get(path)
            taken.append(time.perf_counter() - started)
            cpu.append(time.process_time() - cpu_started)
            assert response.status_code == 200, (path, response.status_code)
        found[name] = {
            "median_s": statistics.median(taken[1:]),
            "slowest_s": max(taken[1:]),
            "first_s": taken[0],
            "cpu_s": statistics.median(cpu[1:]),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--database", default="", help="postgresql://…; empty: SQLite in a folder of its own")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        set_up_console(Path(folder), console_database_url=arguments.database)
        started = time.perf_counter()
        number = fill(arguments.entries)
        report: dict[str, Any] = {
            "entries": number,
            "filled_s": time.perf_counter() - started,
            "pages": measure(arguments.rounds),
        }
    print(f"{number} answers; goal {GOAL_S} s a page; load {os.getloadavg()[0]:.1f}")
    for name, times in report["pages"].items():
        late = "" if times["median_s"] <= GOAL_S else "  over the goal"
        print(
            f"  {name:<18} {times['median_s']:.3f} s  (slowest {times['slowest_s']:.3f}, first {times['first_s']:.3f}, processor {times['cpu_s']:.3f}){late}"
        )
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
