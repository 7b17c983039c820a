"""Time a change from “publish” to the moment that a real action server answers from it, while other questions go on.

    python -m benchmarks.publishing [--rounds 4] [--split 3] [--no-write]

The shipped packs are copied; an answer and then a question is changed in each round, first in the folder and then in a console that
imported it (SQLite), whose first publication is timed too. The result goes between the markers of docs/publishing.md. With `--split 3` every
entry becomes three, two thousand in all, among which its ways of asking are dealt out; the first build of these takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.machine import load_average
from benchmarks.publishing_ways import ANSWER, FIRST, QUESTION, Console, Folder
from benchmarks.report import write_between_markers
from benchmarks.service import Service
from benchmarks.split_entries import split_entries
from customs.commands.evaluate import FOLDER as LABELLED
from customs.settings import ROOT, Settings

BEGIN, END = "<!-- bench-publishing: begin -->", "<!-- bench-publishing: end -->"
GOAL_S = 5.0
ASKED = "how much wine can i bring to london"
OTHERS = (
    "how much cash can i carry into dubai",
    "can i bring my dog to the us",
    "how many cigarettes into great britain",
)
_ASK_EVERY_S = 0.02


class Asker:
    """Asks the action server of `url` as Rasa does; `outcomes` counts what came back."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhook"
        self.outcomes: Counter[str] = Counter()
        self.stop = threading.Event()

    def ask(self, text: str) -> dict[str, Any]:
        """The custom part of the reply to `text`."""
        message = {"text": text, "intent": {"name": "ask_question"}, "entities": [], "metadata": {"channel": "bench"}}
        tracker = {
            "sender_id": "bench",
            "slots": {},
            "latest_message": message,
            "events": [],
            "paused": False,
            "active_loop": {},
            "latest_action_name": "",
        }
        body = {"next_action": "action_answer_question", "sender_id": "bench", "tracker": tracker, "domain": {}}
        request = urllib.request.Request(self._url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.loads(response.read())["responses"][0]["custom"]

    def go_on(self) -> None:
        """Ask other questions until somebody sets `stop`."""
        number = 0
        while not self.stop.is_set():
            try:
                self.outcomes[self.ask(OTHERS[number % len(OTHERS)])["outcome"]] += 1
            except (OSError, ValueError, LookupError) as error:
                self.outcomes[f"error: {error!r}"] += 1
            number += 1
            time.sleep(_ASK_EVERY_S)

    def wait_for(self, release: str, least_s: float = 120.0) -> float:
        """The moment (`time.monotonic`) at which an answer is given from `release`. Raises TimeoutError."""
        until = time.monotonic() + least_s
        while time.monotonic() < until:
            if self.ask(ASKED)["release"] == release:
                return time.monotonic()
            time.sleep(_ASK_EVERY_S)
        raise TimeoutError(f"release {release} was not served within {least_s:g} s.")


def measure(rounds: int, split: int = 1) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Each publication's seconds by step, and until it was served; and what the traffic meanwhile came to."""
    from customs.commands.publish import make_publisher

    with tempfile.TemporaryDirectory(prefix="bench-publishing-") as folder:
        var, content = Path(folder) / "var", Path(folder) / "content"
        shutil.copytree(ROOT / "knowledge_base" / "content", content)
        if split > 1:
            print(f"{split_entries(content, split)} entries", flush=True)
        shutil.copytree(Settings().var_dir / "cache", var / "cache")
        _take_over_release(Settings().var_dir / "releases" / "current", var / "releases")
        settings = Settings(dict(os.environ) | {"CUSTOMS_VAR_DIR": str(var)})
        publisher = make_publisher(settings, labelled=_unbounded(Path(folder)) if split > 1 else LABELLED)
        ways = (Folder(publisher, settings, content), [ANSWER, QUESTION]), (Console, [FIRST, ANSWER, QUESTION])
        ways[0][0].begin()
        found: list[dict[str, Any]] = []
        with Service(var, parts=["actions"]) as service:
            asker = Asker(service.settings.actions_url)
            asker.ask(ASKED)
            traffic = threading.Thread(target=asker.go_on)
            traffic.start()
            try:
                for way, kinds in ways:
                    if isinstance(way, type):  # with what the folder has come to
                        way = way(publisher, settings, content)
                        way.begin()
                    for what in kinds:
                        found += [_round(way, what, number, asker) for number in range(1 if what == FIRST else rounds)]
            finally:
                asker.stop.set()
                traffic.join()
            return found, asker.outcomes


def _unbounded(folder: Path) -> Path:
    """The labelled questions with bounds that hold for anything: of an entry that was split, each part answers."""
    labelled = folder / "evaluation"
    shutil.copytree(LABELLED, labelled)
    (labelled / "thresholds.yml").write_text("all: {least: {}, most: {}}\nfast: {least: {}, most: {}}\n", encoding="utf-8")
    return labelled


def _take_over_release(current: Path, releases: Path) -> None:
    """Begin with the release that is served here, if there is one: a first build of everything is no part of what is measured."""
    if current.exists():
        shutil.copytree(current.resolve(), releases / current.resolve().name)
        (releases / "current").symlink_to(current.resolve().name)


def _round(way: Any, what: str, number: int, asker: Asker) -> dict[str, Any]:
    way.change(what, f"marked {'abcdefghijklmnopqrstuvwxyz'[number]} in {way.name}")
    went = way.publish()
    served = asker.wait_for(went.release) - went.began
    print(f"  {way.name}: {what}: served after {served:.1f} s, processor time {went.processor:.1f} s", flush=True)
    return {"from": way.name, "what": what, "served": served, "processor": went.processor, **went.seconds}


def report(found: list[dict[str, Any]], outcomes: Counter[str], load: tuple[float, float]) -> str:
    """The table of docs/publishing.md."""
    rows = [
        "| from | changed | check | build | ask the questions | switch | processor time | served after |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for way, what in dict.fromkeys((each["from"], each["what"]) for each in found):
        of = [each for each in found if (each["from"], each["what"]) == (way, what)]
        steps = [
            statistics.median(each.get(step, 0.0) for each in of)
            for step in ("check", "build", "evaluate", "switch", "processor", "served")
        ]
        times = f" ({len(of)}×, median)" if len(of) > 1 else ""
        rows.append(f"| {way} | {what}{times} | " + " | ".join(f"{seconds:.1f} s" for seconds in steps) + " |")
    changed = sorted(each["served"] for each in found if each["what"] in (ANSWER, QUESTION))
    within = sum(seconds <= GOAL_S for seconds in changed)
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    return "\n".join([
        *rows, "",
        f"Goal: served after {GOAL_S:g} s at most. {within} of {len(changed)} changes reached it ({changed[0]:.1f} to {changed[-1]:.1f} s), on two cores with a load "
        f"average of {load[0]} before and {load[1]} after. Meanwhile other questions were asked: {told}.",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--split", type=int, default=1, help="make so many entries of each")
    parser.add_argument("--no-write", action="store_true", help="Only print.")
    arguments = parser.parse_args()
    before = load_average()
    found, outcomes = measure(arguments.rounds, arguments.split)
    text = report(found, outcomes, (before, load_average()))
    print(text)
    if not arguments.no_write and arguments.split == 1:
        write_between_markers(ROOT / "docs" / "publishing.md", text, BEGIN, END)


if __name__ == "__main__":
    main()
