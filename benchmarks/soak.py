"""Half an hour of mixed traffic with processes killed every three minutes: `make soak`.

    python -m benchmarks.soak [--short] [--minutes 30] [--kill-every 180] [--json FILE]

The parts of `make run` under its supervisor; people talk through the chat API, on the page without JavaScript and on Telegram
(a Bot API of our own on loopback), in eight languages about four administrations. First every talk is held alone, and its
replies are remembered; then the capacity is measured; then half of it flows while Rasa, the action server, the chat and
the bot are ended by SIGKILL in turn. The judge (benchmarks/soak_judge.py) says what was lost, doubled, crossed, leaked or slow to
come back: then the status is 1. A full run writes its tables into docs/reliability.md; `--short` (3 minutes) only prints them.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import shutil
import signal
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import uvicorn

from benchmarks import machine
from benchmarks.process import ProcessError
from benchmarks.report import write_between_markers
from benchmarks.service import free_ports, link_release
from benchmarks.soak_judge import judge
from benchmarks.soak_ledger import CHANNELS, Kill, Ledger, Sample
from benchmarks.soak_phones import Phones
from benchmarks.soak_report import BEGIN, END, render
from benchmarks.soak_service import Supervised
from benchmarks.soak_talks import talks
from benchmarks.soak_traffic import Traffic
from customs.settings import ROOT, SettingError, Settings
from tests.fakes.telegram_api import create_app

DOCUMENT = ROOT / "docs" / "reliability.md"
KILLED = ("rasa", "actions", "chat", "telegram")
# So many people who never pause measure the capacity.
AT_ONCE = 12
LOAD = 0.5


@dataclass(frozen=True)
class Effort:
    """Seconds: of traffic, between kills, of measuring the capacity, between looks at the memory; how many of the talks are held."""

    seconds: float
    kill_every: float
    rush: float
    look_every: float
    every_talk: int = 1

    @property
    def shape(self) -> str:
        return f"{self.seconds / 60:g} minutes of traffic, a process killed every {self.kill_every:g} s."


FULL = Effort(seconds=1800, kill_every=180, rush=30, look_every=5)
SHORT = Effort(seconds=180, kill_every=40, rush=10, look_every=2, every_talk=2)


def say(text: str) -> None:
    print(time.strftime("%H:%M:%S ") + text, flush=True)


class BotApi:
    """The Bot API of our own, served in this process: `async with BotApi() as api`."""

    def __init__(self) -> None:
        self.phones = Phones()
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self._server = uvicorn.Server(
            uvicorn.Config(create_app(self.phones), host="127.0.0.1", port=port, log_level="critical", lifespan="off")
        )
        # Ctrl-C is the soak's to handle, not this server's.
        self._server.install_signal_handlers = lambda: None

    async def __aenter__(self) -> BotApi:
        self._serving = asyncio.create_task(self._server._serve())
        while not self._server.started and not self._serving.done():
            await asyncio.sleep(0.02)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.phones.close()
        self._server.should_exit = self._server.force_exit = True
        await self._serving


async def kills(service: Supervised, phones: Phones, effort: Effort, ledger: Ledger) -> None:
    """Kill a part every so often, each in turn; none so late that its return could not be seen."""
    for number, part in enumerate(itertools.cycle(KILLED), 1):
        moment = ledger.began + number * effort.kill_every
        if moment > ledger.began + effort.seconds - effort.kill_every / 2:
            return
        await asyncio.sleep(moment - time.monotonic())
        at, pid = time.monotonic(), await asyncio.to_thread(service.kill, part)
        gone = time.monotonic()
        say(f"    killed {part}")
        ledger.kills.append(Kill(part, at, pid))
        while time.monotonic() < moment + effort.kill_every:
            up = phones.polled > gone if part == "telegram" else await asyncio.to_thread(service.ready, part)
            if up:
                say(f"    {part} is ready again after {time.monotonic() - at:.1f} s")
                break
            await asyncio.sleep(0.2)


async def looks(service: Supervised, effort: Effort, ledger: Ledger) -> None:
    """Note the memory of every process every so often."""
    while True:
        now = time.monotonic()
        ledger.samples += [
            Sample(part, pid, now, mb) for part, pid, mb in await asyncio.to_thread(lambda: [*service.memory_mb()])
        ]
        await asyncio.sleep(effort.look_every)


async def soak(service: Supervised, phones: Phones, effort: Effort, ledger: Ledger) -> None:
    """The run itself; everything is noted in `ledger`."""
    chosen = talks()[:: effort.every_talk]
    async with Traffic(service.url, phones, chosen, service.settings.languages, ledger) as traffic:
        say(f"• {len(chosen)} talks, each alone on {', '.join(CHANNELS)}")
        await traffic.learn()
        say("• Capacity")
        ledger.capacity = await traffic.rush(AT_ONCE, effort.rush)
        ledger.rate = LOAD * ledger.capacity
        ledger.messages.clear()
        say(f"    {ledger.capacity:.1f} messages/s with {AT_ONCE} at once; {ledger.rate:.1f} messages/s from now on")
        say(f"• {effort.shape}")
        ledger.began = time.monotonic()
        beside = [
            asyncio.create_task(looks(service, effort, ledger)),
            asyncio.create_task(kills(service, phones, effort, ledger)),
        ]
        try:
            await traffic.flow(ledger.rate, effort.seconds)
            ledger.ended = time.monotonic()
        finally:
            for task in beside:
                task.cancel()
            for result in await asyncio.gather(*beside, return_exceptions=True):
                if isinstance(result, Exception):
                    ledger.errors.append(f"{type(result).__name__}: {result}")
        await asyncio.sleep(2.0)  # what nobody asked for would come now
        for phone in traffic.phones_used:
            phone.leftovers()
        say(
            f"• {await traffic.look_again()} replies differ from those of the talk alone and are asked for again, alone"
        )


async def run(effort: Effort, settings: Settings, ledger: Ledger) -> dict[str, object]:
    """Start everything, soak it, stop it; what it was measured on."""
    load_before = machine.load_average()
    var_dir = settings.var_dir / "bench" / "soak"
    shutil.rmtree(var_dir, ignore_errors=True)
    var_dir.mkdir(parents=True)
    release = link_release(settings.var_dir / "releases", var_dir)
    async with BotApi() as api:
        say("• Starting")
        service = Supervised(var_dir, api.url, api.phones.token)
        await asyncio.to_thread(service.__enter__)
        try:
            await soak(service, api.phones, effort, ledger)
        finally:
            await asyncio.to_thread(service.__exit__)
    about = machine.about(service.settings, release)
    return about | {"load_before": load_before, "load_after": machine.load_average()}


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--short", action="store_true", help="3 minutes, a kill every 40 s, half of the talks; printed only"
    )
    parser.add_argument("--minutes", type=float, help="length of the traffic (default: 30)")
    parser.add_argument("--kill-every", type=float, metavar="SECONDS", help="default: 180")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything that was noted to FILE")
    options = parser.parse_args(arguments)
    given = asdict(SHORT if options.short else FULL)
    given |= {"seconds": options.minutes * 60} if options.minutes else {}
    given |= {"kill_every": options.kill_every} if options.kill_every else {}
    effort, ledger = Effort(**given), Ledger()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop must end the servers too
    try:
        about = asyncio.run(run(effort, Settings(), ledger))
    except (ProcessError, SettingError, RuntimeError, ValueError) as error:
        print(f"soak: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("soak: stopped.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(asdict(ledger) | {"about": about}, ensure_ascii=False), encoding="utf-8")
    verdict = judge(ledger, talks())
    tables = render(ledger, verdict, about, effort.shape)
    print("\n" + tables)
    if not options.short:
        write_between_markers(DOCUMENT, tables, BEGIN, END)
        say(f"Written to {DOCUMENT.relative_to(ROOT)}.")
    for sentence in verdict.broken:
        print(f"soak: {sentence}", file=sys.stderr)
    return 1 if verdict.broken else 0


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
