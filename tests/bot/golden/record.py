"""Ask the real service the golden questions and keep its replies: `python -m tests.bot.golden.record [id …]`.

Rasa and the action server are started with the dialogue model and the release of `make setup` and asked through `RasaClient`, as
the channels do. Without ids everything is recorded anew; then run `python -m tests.bot.golden.render`.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.service import Service, free_ports, link_release
from bot.rasa_client import RasaClient, Reply
from bot.turn import Turn
from customs.bootstrap import var_dir as built_var_dir
from tests.bot.fake_rasa import FakeRasa, serving
from tests.bot.golden.replies import Golden, questions, write

DEADLINE_S = 30.0
# The order matters: each of the last two breaks the service for good.
FAULTS = (None, "empty", "timeout", "rasa_down", "error", "no_release", "action_server_down")
# What leads on to the result of a sum, beside the heading that `good` names.
OFFERS = ("/check_allowance", "/estimate_duty", "/declare_cash")
READY_TRIES, READY_PAUSE_S = 240, 0.5


def payload_of(reply: Reply, begins: tuple[str, ...], holds: str = "") -> tuple[str, str]:
    """Title and payload of the first button that begins so. Raises LookupError naming what is on offer."""
    offered = [item for block in reply.blocks if block["type"] == "buttons" for item in block["items"]]
    for item in offered:
        if item["payload"].startswith(begins) and holds in item["payload"]:
            return item["title"], item["payload"]
    wanted = " or ".join(begins) + (f" with {holds}" if holds else "")
    raise LookupError(f"No button {wanted} on {reply.outcome}/{reply.reason}: {[item['payload'] for item in offered]}")


class Asker:
    """One conversation as the web chat would have it."""

    def __init__(self, language: str, administration: str | None) -> None:
        self.language, self.administration = language, administration
        self.conversation = f"golden-{secrets.token_hex(6)}"
        self.asked: list[str] = []

    async def say(self, client: RasaClient, text: str, payload: str | None = None) -> Reply:
        """Send one message; what a person sees of it is noted."""
        self.asked.append(text or payload or "")
        turn = Turn(
            self.conversation, text, "web", payload=payload, language=self.language, administration=self.administration
        )
        return await client.ask(turn)

    async def play(self, client: RasaClient, talk: dict[str, Any]) -> Reply:
        """The last reply of `talk`. Raises LookupError when a button that it presses is not there."""
        reply = None
        for step in talk["talk"]:
            if "press" in step:
                reply = await self.say(client, *payload_of(reply, (step["press"],)))
            else:
                reply = await self.say(client, step.get("say", ""), step.get("send"))
        for _ in range(6):
            if reply.outcome == talk.get("until", reply.outcome):
                return reply
            heading = f'"good":"{talk["good"]}"' if "good" in talk and "confirm_heading" in str(reply.blocks) else ""
            begins = ("/confirm_heading",) if heading else OFFERS
            reply = await self.say(client, *payload_of(reply, begins, heading))
        raise LookupError(f"After {self.asked} the reply is still {reply.outcome}/{reply.reason}.")


async def until_it_listens(url: str) -> None:
    """Wait until anything answers at `url`, whatever it says. Raises TimeoutError after two minutes."""
    async with aiohttp.ClientSession() as session:
        for _ in range(READY_TRIES):
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(READY_PAUSE_S)
    raise TimeoutError(f"Nothing listens at {url}.")


@asynccontextmanager
async def broken(fault: str | None, service: Service, folder: Path) -> AsyncIterator[RasaClient]:
    """A client of the service with `fault`; what it replies then is the channels' or the actions' own."""
    url, deadline = service.rasa_url, DEADLINE_S
    if fault == "timeout":
        deadline = 0.001
    elif fault == "rasa_down":
        url = f"http://127.0.0.1:{free_ports(1)[0]}"
    elif fault == "no_release":
        actions = service["actions"]
        actions.stop()
        actions.environment["CUSTOMS_VAR_DIR"] = str(folder / "without_release")
        actions.start()
        await until_it_listens(f"{service.settings.actions_url}/health")
    elif fault == "action_server_down":
        service.kill("actions")
    fake = FakeRasa()
    fake.mode = "garbage"
    with serving(fake.app) as garbage:
        client = RasaClient(garbage if fault == "error" else url, deadline)
        try:
            yield client
        finally:
            await client.close()


async def record(service: Service, folder: Path, wanted: set[str]) -> int:
    """Record the talks with these ids, all when there are none; returns how many could not be recorded."""
    lost = 0
    release = (folder / "releases" / "current").resolve().name
    for fault in FAULTS:
        talks = [(language, talk) for language, talk in questions() if talk.get("fault") == fault]
        talks = [(language, talk) for language, talk in talks if not wanted or f"{language}/{talk['id']}" in wanted]
        if not talks:
            continue
        async with broken(fault, service, folder) as client:
            for language, talk in talks:
                asker, name = Asker(language, talk.get("administration")), f"{language}/{talk['id']}"
                try:
                    reply = await asker.play(client, talk)
                except LookupError as error:
                    lost += 1
                    print(f"{name}: {error}", file=sys.stderr)
                    continue
                write(Golden(name, asker.asked, date.today().isoformat(), release, reply))
                print(f"{name}: {reply.outcome} {reply.reason or ''} {reply.language} {reply.entry or ''}", flush=True)
    return lost


def main() -> int:
    """Start the service, record, stop it. Exit code 1 when a talk did not come to its end."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        link_release(built_var_dir() / "releases", folder)
        with Service(folder, parts=("actions", "rasa")) as service:
            return 1 if asyncio.run(record(service, folder, set(sys.argv[1:]))) else 0


if __name__ == "__main__":
    sys.exit(main())
