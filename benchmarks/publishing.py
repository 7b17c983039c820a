"""Time a changed answer from “publish” to the moment that a real action server gives it, while other questions go on.

    python -m benchmarks.publishing [--rounds 5] [--no-write]

The shipped packs are copied, one answer is changed in each round, and in the last one a question too. The result goes between the markers of docs/publishing.md.
"""

from __future__ import annotations

import argparse
import json
import re
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
from benchmarks.report import write_between_markers
from benchmarks.service import Service
from customs.settings import ROOT, Settings

BEGIN, END = "<!-- bench-publishing: begin -->", "<!-- bench-publishing: end -->"
ENTRY, ASKED = "gb.alcohol.allowance", "how much wine can i bring to london"
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

    def wait_for(self, words: str, least_s: float = 60.0) -> float:
        """The moment (`time.monotonic`) at which the answer has `words`. Raises TimeoutError."""
        until = time.monotonic() + least_s
        while time.monotonic() < until:
            if words in json.dumps(self.ask(ASKED)["blocks"], ensure_ascii=False):
                return time.monotonic()
            time.sleep(_ASK_EVERY_S)
        raise TimeoutError(f"“{words}” was not served within {least_s:g} s.")


def change_answer(content: Path, words: str) -> None:
    """Let the answer of ENTRY end its first paragraph with `words`."""
    file = content / "gb" / "faq" / "alcohol.yml"
    text = file.read_text(encoding="utf-8")
    changed, count = re.subn(
        rf"(- id: {re.escape(ENTRY)}\n.*?\n    answer: \|\n      [^\n]*?)( Marked [a-z]+\.)?\n",
        rf"\1 {words}\n",
        text,
        count=1,
        flags=re.S,
    )
    if not count:
        raise SystemExit(f"{file} has no {ENTRY} with an answer of several lines; choose another entry.")
    file.write_text(changed, encoding="utf-8")


def change_question(content: Path) -> None:
    """Add one way of asking to ENTRY."""
    file = content / "gb" / "faq" / "alcohol.yml"
    text = file.read_text(encoding="utf-8")
    changed, count = re.subn(
        rf"(- id: {re.escape(ENTRY)}\n.*?\n      en:\n)",
        r"\1        - how many boxes of riesling into britain\n",
        text,
        count=1,
        flags=re.S,
    )
    if not count:
        raise SystemExit(f"{file} has no {ENTRY} with questions in English.")
    file.write_text(changed, encoding="utf-8")


def measure(rounds: int) -> tuple[list[dict[str, Any]], Counter[str]]:
    """Each round's seconds by step, and until it was served; and what the traffic meanwhile came to."""
    from customs.commands.publish import make_publisher

    with tempfile.TemporaryDirectory(prefix="bench-publishing-") as folder:
        var, content = Path(folder) / "var", Path(folder) / "content"
        shutil.copytree(ROOT / "knowledge_base" / "content", content)
        shutil.copytree(Settings().var_dir / "cache", var / "cache")
        _take_over_release(Settings().var_dir / "releases" / "current", var / "releases")
        settings = Settings({"CUSTOMS_VAR_DIR": str(var)})
        publisher = make_publisher(settings)
        publisher.publish(content, settings.administrations, by="bench")
        with Service(var, parts=["actions"]) as service:
            asker = Asker(service.settings.actions_url)
            asker.ask(ASKED)
            traffic = threading.Thread(target=asker.go_on)
            traffic.start()
            try:
                found = [_round(publisher, settings, content, asker, number, rounds) for number in range(rounds + 1)]
            finally:
                asker.stop.set()
                traffic.join()
            return found, asker.outcomes


def _take_over_release(current: Path, releases: Path) -> None:
    """Begin with the release that is served here, if there is one: a first build of everything is no part of what is measured."""
    if current.exists():
        shutil.copytree(current.resolve(), releases / current.resolve().name)
        (releases / "current").symlink_to(current.resolve().name)


def _round(publisher: Any, settings: Settings, content: Path, asker: Asker, number: int, rounds: int) -> dict[str, Any]:
    words = f"Marked {'abcdefghijklmnopqrstuvwxyz'[number]}{'z' * (number // 26)}."
    change_answer(content, words)
    if number == rounds:
        change_question(content)
    began, processor = time.monotonic(), time.process_time()
    done = publisher.publish(content, settings.administrations, by="bench")
    processor = time.process_time() - processor
    served = asker.wait_for(words) - began
    asked = done.trial.asked if done.trial else 0
    what = "an answer and a question" if number == rounds else "an answer"
    print(f"  {what}: served after {served:.1f} s, processor time {processor:.1f} s, {asked} questions asked", flush=True)
    return {"what": what, "served": served, "processor": processor, "asked": asked, **done.seconds}


def report(found: list[dict[str, Any]], outcomes: Counter[str], load: tuple[float, float]) -> str:
    """The table of docs/publishing.md."""
    rows = [
        "| changed | check | build | ask the questions | switch | processor time | served after |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for what in dict.fromkeys(each["what"] for each in found):
        of = [each for each in found if each["what"] == what]
        steps = [
            statistics.median(each.get(step, 0.0) for each in of)
            for step in ("check", "build", "evaluate", "switch", "processor", "served")
        ]
        rows.append(f"| {what} ({len(of)}×, median) | " + " | ".join(f"{seconds:.1f} s" for seconds in steps) + " |")
    served = sorted(each["served"] for each in found if each["what"] == "an answer")
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items()))
    return "\n".join([
        *rows, "",
        f"Two cores, load average {load[0]} before and {load[1]} after; of {len(served)} changed answers {served[0]:.1f} to {served[-1]:.1f} s until they were served. Meanwhile other questions "
        f"were asked: {told}.",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--no-write", action="store_true", help="Only print.")
    arguments = parser.parse_args()
    before = load_average()
    found, outcomes = measure(arguments.rounds)
    text = report(found, outcomes, (before, load_average()))
    print(text)
    if not arguments.no_write:
        write_between_markers(ROOT / "docs" / "publishing.md", text, BEGIN, END)


if __name__ == "__main__":
    main()
