"""The load generator: plays conversations against a chat, several at once, and times every turn.

A process of its own: `python -m benchmarks.load` reads a plan (JSON) from standard input and writes a result (JSON) to
standard output. A worker asks the next turn when it has the reply to the last, with no pause between; each conversation is
fresh. `kind` is `chat` (our chat API) or `rest` (Rasa's REST channel).
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp

from customs.bootstrap import APP_PYTHON, step_environment
from customs.settings import ROOT

DEADLINE_S = 60.0
# Ends of a question that change nothing for a reader: 4096 with three of them.
MARKS = "?!.,;:-~…'\"()*+="


@dataclass
class Plan:
    """What is played. `seconds` None: every conversation once; else they are repeated for so long.

    `expect`: the text of a stock bot's right answer, None for any. `fresh`: each text gets an end of its own, so that no turn
    is answered from a memory of earlier ones (our encoder remembers vectors). `token` keeps runs from sharing a sender.
    """

    kind: str
    url: str
    conversations: list[list[dict[str, str]]]
    concurrency: int = 1
    seconds: float | None = None
    expect: str | None = None
    warm: bool = True
    fresh: bool = False
    token: str = field(default_factory=lambda: uuid.uuid4().hex[:8])


@dataclass
class Result:
    """`turns`: [start, end, place in its conversation] in seconds of the machine's monotonic clock, in order of their end.

    `messages_per_s` counts the turns that ended within the time given.
    """

    turns: list[tuple[float, float, int]] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    messages_per_s: float = 0.0

    @property
    def ms(self) -> list[float]:
        """Milliseconds of each turn."""
        return [(end - start) * 1000 for start, end, _ in self.turns]


class Caller:
    """Speaks to one chat. Each conversation has an address of its own, from the network kept for benchmarks (RFC 2544)."""

    def __init__(self, plan: Plan, session: aiohttp.ClientSession) -> None:
        self.plan = plan
        self.session = session
        self._number = itertools.count()
        self._base = random.randrange(1 << 16)

    def begin(self) -> dict[str, Any]:
        """The state of a fresh conversation."""
        number = next(self._number)
        place = (self._base + number) % (1 << 16)
        return {"sender": f"bench-{self.plan.token}-{number}", "address": f"198.18.{place >> 8}.{place & 255}"}

    async def turn(self, state: dict[str, Any], said: dict[str, str]) -> str:
        """One turn; what came of it: an outcome of ours, `answered` or `other` of a stock bot, `empty`, or `http_<status>`."""
        if self.plan.fresh:
            said = said | {"text": said["text"] + "".join(random.choices(MARKS, k=3))}
        return await (self._chat(state, said) if self.plan.kind == "chat" else self._rest(state, said))

    async def _chat(self, state: dict[str, Any], said: dict[str, str]) -> str:
        body = dict(said)
        if "conversation" in state:
            body["conversation"] = state["conversation"]
        headers = {"X-Forwarded-For": state["address"]}
        async with self.session.post(f"{self.plan.url}/api/v1/messages", json=body, headers=headers) as response:
            if response.status != 200:
                await response.read()
                return f"http_{response.status}"
            reply = await response.json()
        state["conversation"] = reply["conversation"]
        return reply["outcome"] + (f"/{reply['reason']}" if reply["reason"] else "")

    async def _rest(self, state: dict[str, Any], said: dict[str, str]) -> str:
        body = {"sender": state["sender"], "message": said["text"]}
        async with self.session.post(f"{self.plan.url}/webhooks/rest/webhook", json=body) as response:
            if response.status != 200:
                await response.read()
                return f"http_{response.status}"
            messages = await response.json()
        if not messages:
            return "empty"
        texts = [message.get("text") for message in messages]
        return "answered" if self.plan.expect is None or texts == [self.plan.expect] else "other"


def warm_conversations(concurrency: int) -> int:
    """How many conversations are played, and not timed, before `concurrency` at once are."""
    return min(concurrency, 4)


async def play(plan: Plan) -> Result:
    """Play `plan` and time it."""
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
    timeout = aiohttp.ClientTimeout(total=DEADLINE_S)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        caller = Caller(plan, session)
        if plan.warm:
            first = plan.conversations[0]
            await asyncio.gather(*(_converse(caller, first) for _ in range(warm_conversations(plan.concurrency))))
        return await _timed(caller, plan)


async def _converse(caller: Caller, turns: list[dict[str, str]]) -> None:
    state = caller.begin()
    for said in turns:
        await caller.turn(state, said)


async def _timed(caller: Caller, plan: Plan) -> Result:
    source: Iterator[list[dict[str, str]]]
    source = iter(plan.conversations) if plan.seconds is None else itertools.cycle(plan.conversations)
    result, outcomes = Result(), Counter()
    began = time.perf_counter()
    until = began + plan.seconds if plan.seconds is not None else float("inf")

    async def worker() -> None:
        for turns in source:
            state = caller.begin()
            for place, said in enumerate(turns):
                if time.perf_counter() >= until:
                    return
                start = time.perf_counter()
                try:
                    outcome = await caller.turn(state, said)
                except (TimeoutError, aiohttp.ClientError) as error:
                    outcome = type(error).__name__
                result.turns.append((start, time.perf_counter(), place))
                outcomes[outcome] += 1

    await asyncio.gather(*(worker() for _ in range(plan.concurrency)))
    ended = min(until, time.perf_counter())
    result.messages_per_s = sum(end <= ended for _, end, _ in result.turns) / (ended - began)
    result.outcomes = dict(outcomes)
    return result


def run(plan: Plan) -> Result:
    """Play `plan` in a process of its own. Raises `subprocess.CalledProcessError` when the generator itself fails."""
    done = subprocess.run(
        [str(APP_PYTHON), "-m", "benchmarks.load"], input=json.dumps(asdict(plan)), stdout=subprocess.PIPE, check=True,
        text=True, cwd=ROOT, env=step_environment(),
    )  # fmt: skip
    data = json.loads(done.stdout)
    return Result([tuple(turn) for turn in data["turns"]], data["outcomes"], data["messages_per_s"])


def main() -> int:
    plan = Plan(**json.load(sys.stdin))
    json.dump(asdict(asyncio.run(play(plan))), sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
