"""Does a question get the answer in a conversation that it gets alone?

    python -m benchmarks.in_conversation [--talks 80] [--seed 1] [--show 20]

Labelled questions are asked alone, and then five of an administration after each other, drawn by lot, through the chat API of the real
processes. What was right alone and is not after others was answered by what had been said before: a sum that took the question for goods, a
subject that was carried on. The order is drawn by lot, so the count says how much is carried over where nothing should be.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import urllib.request
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.service import Service, link_release
from customs.bootstrap import var_dir
from customs.commands.evaluate import FOLDER
from knowledge_base.evaluation import HELD_OUT, Labelled, read_questions

TURNS = 5
_SETTINGS = {"rate_conversation": "100000/minute", "rate_address": "100000/minute"}


@dataclass
class Talk:
    """One conversation through the chat API."""

    url: str
    administration: str
    conversation: str | None = None

    def ask(self, question: Labelled) -> dict[str, Any]:
        """The reply to a question."""
        body = {"text": question.question, "administration": self.administration}
        body |= {"conversation": self.conversation} if self.conversation else {}
        request = urllib.request.Request(
            f"{self.url}/api/v1/messages", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            reply = json.loads(response.read())
        self.conversation = reply["conversation"]
        return reply


def is_right(question: Labelled, reply: dict[str, Any]) -> bool:
    """Is it answered by one of the entries that are accepted?"""
    return reply["entry"] in question.entries


def measure(url: str, talks: int, seed: int, show: int) -> str:
    """What came of `talks` conversations, in a line; the first `show` of what went wrong are printed."""
    chance, by_administration = random.Random(seed), defaultdict(list)
    for question in read_questions(FOLDER):
        if question.answerable and question.administration and question.half != HELD_OUT:
            by_administration[question.administration].append(question)
    alone: dict[str, bool] = {}
    after = lost = gained = failed = 0
    for _ in range(talks):
        administration = chance.choice(list(by_administration))
        talk, before = Talk(url, administration), None
        for question in chance.sample(by_administration[administration], TURNS):
            if question.id not in alone:
                alone[question.id] = is_right(question, Talk(url, administration).ask(question))
            reply = talk.ask(question)
            failed += reply["outcome"] == "failed"
            if before is not None:
                right = is_right(question, reply)
                after, lost, gained = (
                    after + 1,
                    lost + (alone[question.id] > right),
                    gained + (right > alone[question.id]),
                )
                if alone[question.id] and not right and lost <= show:
                    told = next((block["text"] for block in reply["blocks"] if block.get("text")), "")
                    print(
                        f"- after {before.question!r}\n  {question.question!r} → {reply['outcome']} {reply['reason']} {reply['entry']}: {told[:120]}"
                    )
            before = question
    right = sum(alone.values())
    return (
        f"{after} questions after others: {lost} right alone and not there ({lost / max(after, 1):.1%}), {gained} the other way round; "
        f"{failed} failed. Alone {right} of {len(alone)} are answered by an accepted entry."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--talks", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-in-conversation-") as folder:
        link_release(var_dir() / "releases", Path(folder))
        with Service(Path(folder), settings=_SETTINGS) as service:
            print(measure(service.url, options.talks, options.seed, options.show))


if __name__ == "__main__":
    main()
