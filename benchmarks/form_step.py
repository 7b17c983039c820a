"""How long a step of a sum's form takes beside a knowledge question: `python -m benchmarks.form_step`.

One service, one asker, both kinds of turn in turn: absolute times swing with the machine, the ratio of the medians does not. A step of a
form calls the action server once, as a question does, and encodes nothing.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import requests

from benchmarks.service import Service, link_release
from customs.bootstrap import var_dir

GOAL = 1.2
ROUNDS = 15
QUESTIONS = ("how much {} may i bring to london", "do i have to declare {}", "what does customs say about {}", "is {} allowed in my luggage")
THINGS = ("cheese", "a drone", "honey", "medicine", "gold", "a sword", "seeds", "a laptop", "perfume", "caviar", "a dog", "plants", "coral", "tea", "fireworks")
# After the first message, which begins the sum, every message is a step of its form.
BEGIN = "can i bring 3 bottles of whisky and {} cigarettes to london"
STEPS = ("from brazil", "back", "from peru", "how old? i am 30")


class Asker:
    """One conversation through the chat API."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session, self._url = session, url
        self._conversation: str | None = None

    def say(self, text: str) -> tuple[float, str]:
        """Seconds of the turn and its outcome."""
        body = {"text": text, "administration": "gb", "conversation": self._conversation, "idempotency_key": uuid.uuid4().hex}
        sent = json.dumps({key: value for key, value in body.items() if value is not None})
        began = time.perf_counter()
        response = self._session.post(f"{self._url}/api/v1/messages", data=sent, headers={"Content-Type": "application/json"}, timeout=60)
        took = time.perf_counter() - began
        reply = response.json()
        self._conversation = reply["conversation"]
        return took, reply["outcome"]


def measure(url: str, rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Seconds of knowledge questions and of form steps."""
    questions: list[float] = []
    steps: list[float] = []
    with requests.Session() as session:
        for number in range(-1, rounds):  # the first round warms up
            asker, thing = Asker(session, url), THINGS[number % len(THINGS)]
            asked = [asker.say(question.format(thing))[0] for question in QUESTIONS]
            form = Asker(session, url)
            form.say(BEGIN.format(210 + number))
            stepped = [form.say(step)[0] for step in STEPS]
            if number >= 0:
                questions += asked
                steps += stepped
    return questions, steps


def main() -> int:
    """Print the medians and their ratio; 1 when it is above the goal."""
    with tempfile.TemporaryDirectory() as folder:
        link_release(var_dir() / "releases", Path(folder))
        settings = {"rate_conversation": "6000/minute", "rate_address": "60000/minute"}
        with Service(Path(folder), settings=settings) as service:
            questions, steps = measure(service.url)
    question, step = statistics.median(questions), statistics.median(steps)
    print(f"knowledge question p50 {question * 1000:.1f} ms, form step p50 {step * 1000:.1f} ms, ratio {step / question:.2f} (goal {GOAL})")
    return 0 if step / question <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
