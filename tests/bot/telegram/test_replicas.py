"""Two chat processes behind one webhook address and one real store: once, in order, and one of them may die."""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import signal
import sys
from collections import defaultdict
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.process import Process
from benchmarks.service import free_ports
from bot.telegram.shared.inbox import ALIVE_S
from bot.telegram.webhook import PATH
from customs.settings import ROOT
from tests.bot.telegram.fake_rasa import FakeRasa
from tests.bot.telegram.harness import environ, serving, until
from tests.bot.telegram.shared_store import store_url, valkey  # noqa: F401 - fixtures
from tests.bot.telegram.test_telegram_webhook import SECRET
from tests.fakes.telegram_api import FakeTelegram, create_app

QUESTION = "how many cigarettes, number {}"


class Balancer:
    """What stands before the replicas at the public address: takes them in turn, or gives each update to all of them."""

    def __init__(self, addresses: list[str]) -> None:
        self.addresses = addresses
        self.to_all = False
        self._turn = itertools.count()
        self.app = Starlette(routes=[Route(PATH, self.deliver, methods=["POST"])])

    async def deliver(self, request: Request) -> Response:
        body, headers = (
            await request.body(),
            {name: request.headers[name] for name in request.headers if "telegram" in name},
        )
        chosen = self.addresses if self.to_all else [self.addresses[next(self._turn) % len(self.addresses)]]
        async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
            given = [http.post(address + PATH, content=body, headers=headers) for address in chosen]
            answers = await asyncio.gather(*given, return_exceptions=True)
        codes = [502 if isinstance(answer, Exception) else answer.status_code for answer in answers]
        return Response(status_code=max(codes))


class WatchedRasa(FakeRasa):
    """Notes when two turns of one conversation are in work at once."""

    def __init__(self) -> None:
        super().__init__()
        self.in_work: set[str] = set()
        self.crossed: list[str] = []
        self.app = Starlette(routes=[Route("/webhooks/rest/webhook", self.watched, methods=["POST"]), *self.app.routes])

    async def watched(self, request: Request) -> Response:
        sender = (await request.json())["sender"]
        if sender in self.in_work:
            self.crossed.append(sender)
        self.in_work.add(sender)
        try:
            return await self.webhook(request)
        finally:
            self.in_work.discard(sender)


class Replicas:
    """The two processes with what stands around them."""

    def __init__(self, api: FakeTelegram, rasa: WatchedRasa, balancer: Balancer, processes: list[Process]) -> None:
        self.api, self.rasa, self.balancer, self.processes = api, rasa, balancer, processes

    def heard_by_rasa(self) -> dict[str, list[int]]:
        """Conversation → the numbers of its questions in the order in which Rasa got them."""
        found = defaultdict(list)
        for turn in self.rasa.seen:
            found[turn["sender"]].append(int(re.search(r"number (\d+)", turn["message"])[1]))
        return dict(found)


@asynccontextmanager
async def replicas(tmp_path, store_url):  # noqa: F811
    api, rasa = FakeTelegram(), WatchedRasa()
    ports = free_ports(2, within=range(9550, 9600))  # not those of a service that another part of the tests starts
    balancer = Balancer([f"http://127.0.0.1:{port}" for port in ports])
    async with serving(rasa.app) as rasa_url, serving(create_app(api)) as api_url, serving(balancer.app) as url:
        processes = []
        for number, port in enumerate(ports):
            names = environ(
                api, api_url, rasa_url, tmp_path / str(number),
                CUSTOMS_TELEGRAM_MODE="webhook", CUSTOMS_PUBLIC_URL=url, CUSTOMS_TELEGRAM_WEBHOOK_SECRET=SECRET,
                CUSTOMS_TELEGRAM_STORAGE=store_url, CUSTOMS_CHAT_PORT=str(port), CUSTOMS_CHAT_HOST="127.0.0.1",
                CUSTOMS_ACTIONS_URL="http://127.0.0.1:9",
            )  # fmt: skip
            inherited = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
            command = [sys.executable, "-m", "customs.cli", "serve", "chat"]
            log = tmp_path / f"chat{number}.log"
            processes.append(Process("chat", command, inherited | names, ROOT, log, f"http://127.0.0.1:{port}/healthz"))
        try:
            for process in processes:
                process.start()
            await until(lambda: [name for name, _, _ in api.calls].count("setMyCommands") >= 18, "both replicas", 90)
            yield Replicas(api, rasa, balancer, processes)
        finally:
            for process in processes:
                await asyncio.to_thread(process.stop)
            await api.close()


@pytest.mark.parametrize("to_all", [True, False], ids=["each update to both", "updates in turn"])
async def test_every_message_is_answered_once_and_each_chat_in_order(tmp_path, store_url, to_all):  # noqa: F811
    async with replicas(tmp_path, store_url) as two:
        two.balancer.to_all = to_all
        two.rasa.delay_s = 0.4  # slower than they write, so that a chat has some in line
        chats, messages = 7, 6  # an odd number, so that a chat is not always with the same replica
        for number in range(messages):
            for chat in range(1, chats + 1):
                two.api.message(chat, QUESTION.format(number))
            await until(lambda: not two.api.updates, "the end of the deliveries")
        await until(lambda: len(two.api.sent) >= chats * messages, "the answers")
        await asyncio.sleep(0.5)  # for what would come twice
        assert two.heard_by_rasa() == {f"tg-{chat}": list(range(messages)) for chat in range(1, chats + 1)}
        assert len(two.api.sent) == chats * messages and two.rasa.crossed == []


async def test_one_is_killed_and_the_other_goes_on(tmp_path, store_url):  # noqa: F811
    async with replicas(tmp_path, store_url) as two:
        two.rasa.delay_s = 3
        for chat in range(1, 9):
            two.api.message(chat, QUESTION.format(1))
        await until(lambda: len(two.rasa.seen) == 8, "the turns")
        os.kill(two.processes[0].pid, signal.SIGKILL)
        two.rasa.delay_s = 0
        for chat in range(101, 105):
            two.api.message(chat, QUESTION.format(1))
        await until(lambda: {101, 102, 103, 104} <= answered(two.api), "the answers of the other replica", ALIVE_S / 2)
        # What the dead one had in work comes when it has been silent for long enough; who writes again waits behind it.
        for chat in range(1, 9):
            two.api.message(chat, QUESTION.format(2))
        await until(lambda: len(two.api.sent) == 8 + 4 + 8, "the answers of the dead replica", ALIVE_S * 3)
        order = two.heard_by_rasa()
        assert all([*dict.fromkeys(order[f"tg-{chat}"])] == [1, 2] for chat in range(1, 9)), order


def answered(api: FakeTelegram) -> set[int]:
    return {message["chat"]["id"] for message in api.sent}
