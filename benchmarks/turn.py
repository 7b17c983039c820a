"""Speed of a knowledge question through the chat API against a stock `rasa init` bot, in one run: `make bench-turn`.

    python -m benchmarks.turn [--quick] [--json FILE]

The systems are up at once and are asked in turns (A B C, A B C, …), so that what else the machine does meets all alike:

- ours: the processes of `make run`, sixty questions over four administrations, POST /api/v1/messages; each time with another
  end of three marks, so that the encoder's memory of earlier questions does not help;
- stock: `rasa init` as it is, its own small talk over its REST channel. It looks nothing up and calls no action;
- stock with an action: the same with one customs question answered by a fixed sentence from a stock action server, which is
  the least that a knowledge question costs in such a bot. It is asked the same sixty questions. With the packages that
  `pip install rasa` takes, and with ours (jsonschema 3.2), which make its action calls quicker. And once more as installed, with
  its conversations kept in SQLite by Rasa's own store, as ours are kept; the others forget theirs when they stop.

A full run writes its tables into docs/performance.md; `--quick` (a smoke test) only prints them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import load, machine, notes, questions, report, stages, stock_bot
from benchmarks.process import Process, ProcessError, wait_all
from benchmarks.service import Service, free_ports, link_release
from benchmarks.spread import percentile
from customs.bootstrap import APP_PYTHON, RASA_PYTHON
from customs.settings import ROOT, SettingError, Settings

DOCUMENT = ROOT / "docs" / "performance.md"
# The limits are counted as ever, but a conversation of two hundred quick turns is what they are there to refuse.
LIMITS = {"rate_conversation": "100000/minute", "rate_address": "100000/minute"}


@dataclass(frozen=True)
class Effort:
    """How much is measured. `windows`: turns of one conversation (from, to; the first is 1) whose medians are compared."""

    rounds: int
    seconds: float
    windows: tuple[tuple[int, int], ...]
    series: int
    passes: int
    warm_s: float
    concurrency: tuple[int, ...] = (1, 8, 32)


FULL = Effort(rounds=5, seconds=6, windows=((1, 10), (100, 110), (200, 210)), series=2, passes=2, warm_s=5)
QUICK = Effort(rounds=2, seconds=3, windows=((1, 10), (30, 40)), series=1, passes=1, warm_s=3)


@dataclass
class System:
    """One of the compared: where and how it is asked, and its processes."""

    name: str
    kind: str
    url: str
    conversations: list[list[dict[str, str]]]
    processes: tuple[Process, ...]
    stages: tuple[stages.Stage, ...]
    expect: str | None = None
    fresh: bool = True

    def plan(self, **more: Any) -> load.Plan:
        """A plan for the load generator."""
        settings = {"conversations": self.conversations, "expect": self.expect, "fresh": self.fresh} | more
        return load.Plan(self.kind, self.url, **settings)

    def cpu_s(self) -> dict[str, float]:
        """Processor seconds used so far, by process."""
        return {process.name: process.cpu_s() for process in self.processes}


def say(text: str) -> None:
    print(text, flush=True)


def start_ours(stack: ExitStack, settings: Settings) -> tuple[Service, System]:
    """Our service on ports of its own, serving the release that has been built, with conversations begun anew."""
    folder = settings.var_dir / "bench" / "ours"
    shutil.rmtree(folder, ignore_errors=True)
    link_release(settings.var_dir / "releases", folder)
    say("• Starting our service")
    service = stack.enter_context(Service(folder, settings=LIMITS))
    asked = questions.conversations(questions.knowledge_questions())
    return service, System("ours", "chat", service.url, asked, service.parts, stages.OURS)


def start_stock(stack: ExitStack, settings: Settings, asked: list[list[dict[str, str]]]) -> list[System]:
    """The stock bots, one after the other, so that their starting times can be compared."""
    folder = settings.var_dir / "bench" / "stock"
    plain, with_action = stock_bot.make_both(folder)
    overlay = stock_bot.as_installed(folder)
    logs = folder / "log"
    ports = iter(free_ports(5))

    def start(process: Process) -> Process:
        say(f"• Starting {process.name}")
        stack.callback(process.stop)
        process.start()
        process.wait_ready()
        return process

    def system(
        name: str,
        talks: list[list[dict[str, str]]],
        project: Path,
        endpoints: str = stock_bot.IN_MEMORY,
        **variables: str,
    ) -> System:
        port = next(ports)
        process = start(stock_bot.server(name, project, port, logs, endpoints, **variables))
        return System(name, "rest", f"http://127.0.0.1:{port}", talks, (process,), stages.STOCK)

    action_port = next(ports)
    action_server = start(stock_bot.action_server("stock-actions", with_action, action_port, logs))
    chats = [[{"text": text} for text in chat] for chat in stock_bot.CHATS]
    systems = [system("stock", chats, plain)]
    systems[0].fresh = False
    same = [[{"text": said["text"]} for said in turns] for turns in asked]
    variables = {"STOCK_ACTIONS_URL": f"http://127.0.0.1:{action_port}"}
    if overlay:
        as_installed = variables | {"PYTHONPATH": str(overlay)}
        systems.append(system("stock-action", same, with_action, **as_installed))
        kept = folder / "conversations.db"
        kept.unlink(missing_ok=True)
        as_installed["STOCK_DB"] = str(kept)
        systems.append(system("stock-action-kept", same, with_action, stock_bot.KEPT, **as_installed))
    systems.append(system("stock-action-pinned", same, with_action, **variables))
    for one in systems[1:]:
        one.processes += (action_server,)
        one.expect = stock_bot.ACTION_TEXT
    return systems


def measure_cell(system: System, concurrency: int, seconds: float) -> dict[str, Any]:
    """One system under one concurrency for so many seconds."""
    before = system.cpu_s()
    result = load.run(system.plan(concurrency=concurrency, seconds=seconds))
    turns = len(result.turns) + load.warm_conversations(concurrency) * len(system.conversations[0])
    cpu_ms = {name: (used - before[name]) * 1000 / turns for name, used in system.cpu_s().items()}
    return {
        "system": system.name, "concurrency": concurrency, "turns": len(result.turns), "outcomes": result.outcomes,
        "p50": percentile(result.ms, 50), "p95": percentile(result.ms, 95), "messages_per_s": result.messages_per_s,
        "cpu_ms": sum(cpu_ms.values()), "cpu_ms_by_process": cpu_ms,
    }  # fmt: skip


def measure_speed(systems: list[System], effort: Effort) -> list[dict[str, Any]]:
    """Every system under every concurrency in every round, the systems next to each other."""
    cells = []
    for number in range(effort.rounds):
        for concurrency in effort.concurrency:
            # The one after whom a system comes changes, as the end of one's load may slow the next.
            for system in systems[number % len(systems) :] + systems[: number % len(systems)]:
                cells.append(measure_cell(system, concurrency, effort.seconds) | {"round": number})
                last = cells[-1]
                say(
                    f"    round {number + 1}/{effort.rounds}, {concurrency} at once, {system.name}: "
                    f"p50 {last['p50']:.1f} ms, {last['messages_per_s']:.1f} messages/s"
                )
    return cells


def measure_sessions(systems: list[System], effort: Effort) -> dict[str, list[list[float]]]:
    """Median milliseconds in each window of one long conversation, for each system and series."""
    longest = effort.windows[-1][1]
    medians: dict[str, list[list[float]]] = {system.name: [] for system in systems}
    for number in range(effort.series):
        for system in systems:
            # The questions of one administration, over and over: a long talk, not one that leaps between countries.
            each = questions.EACH // questions.TURNS
            start = number * each % len(system.conversations)
            said = [turn for turns in system.conversations[start : start + each] for turn in turns]
            talk = [said[at % len(said)] for at in range(longest)]
            ms = load.run(system.plan(conversations=[talk], warm=False)).ms
            medians[system.name].append([statistics.median(ms[first - 1 : last]) for first, last in effort.windows])
            values = ", ".join(f"{value:.1f}" for value in medians[system.name][-1])
            say(f"    series {number + 1}/{effort.series}, {system.name}: {values} ms")
    return medians


def measure_stages(systems: list[System], effort: Effort, folder: Path) -> dict[str, dict[str, float]]:
    """Milliseconds by stage for each system, whose processes have been started again to write into `folder`."""
    broken_down = {}
    for system in systems:
        result = load.run(system.plan(conversations=system.conversations * effort.passes))
        # All systems' notes: those of the others lie outside the turns.
        calls = [call for path in sorted(folder.glob("*.trace")) for call in notes.read(path)]
        turns = stages.middle_half(stages.by_turn(result.turns, calls))
        broken_down[system.name] = stages.breakdown(system.stages, turns)
    return broken_down


def start_tracing(service: Service, stock: list[System], folder: Path) -> None:
    """Start every process again so that it notes its stages in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    traced = "benchmarks.traced"

    def file(system: str, part: str) -> str:
        return str(folder / f"{system}.{part}.trace")

    own = service["rasa"].command
    rasa = [str(RASA_PYTHON), "-m", traced, "rasa", file("ours", "rasa"), *own[own.index("dialogue.serve") + 1 :]]
    service.restart("rasa", rasa)
    service.restart("actions", [str(APP_PYTHON), "-m", traced, "actions", file("ours", "actions")])
    service.restart("chat", [str(APP_PYTHON), "-m", traced, "chat", file("ours", "chat")])
    processes = {process.name: process for system in stock for process in system.processes}
    for name, process in processes.items():
        part = "stock-actions" if name == "stock-actions" else "stock"
        rest = process.command[process.command.index("-m") + 2 :]
        process.stop()
        process.command = [str(RASA_PYTHON), "-m", traced, part, file("stock", name), *rest]
        overlay = process.environment.get("PYTHONPATH")
        process.environment["PYTHONPATH"] = os.pathsep.join([overlay, str(ROOT)] if overlay else [str(ROOT)])
        process.start()
    wait_all(processes.values())


def measure(effort: Effort, settings: Settings) -> dict[str, Any]:
    """The whole run; what docs/performance.md shows, as plain data."""
    load_before = machine.load_average()
    with ExitStack() as stack:
        service, ours = start_ours(stack, settings)
        stock = start_stock(stack, settings, ours.conversations)
        systems = [ours, *stock]
        everything = {process.name: process for system in systems for process in system.processes}.values()
        started = {process.name: process.ready_after_s for process in everything}
        say("• Warming up")
        for system in systems:
            load.run(system.plan(concurrency=4, seconds=effort.warm_s))
        say("• Speed")
        cells = measure_speed(systems, effort)
        memory = {process.name: process.rss_mb() for process in everything}
        say("• Long conversations")
        sessions = measure_sessions(systems, effort)
        say("• Stages")
        folder = settings.var_dir / "bench" / "trace"
        start_tracing(service, stock, folder)
        broken_down = measure_stages(systems, effort, folder)
        about = machine.about(settings, (service.var_dir / "releases" / "current").resolve().name)
    return {
        "about": about | {"load_before": load_before, "load_after": machine.load_average()},
        "effort": {"rounds": effort.rounds, "seconds": effort.seconds, "windows": effort.windows, "series": effort.series},
        "cells": cells, "sessions": sessions, "stages": broken_down, "memory_mb": memory, "ready_after_s": started,
    }  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when the run is valid: no turn failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.turn", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two short rounds, printed only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything measured to FILE")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop must end the servers too
    try:
        result = measure(QUICK if options.quick else FULL, Settings())
    except (ProcessError, SettingError, stock_bot.StockBotError, ValueError) as error:
        print(f"bench-turn: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("bench-turn: stopped.", file=sys.stderr)
        return 130
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    tables = report.render(result)
    print("\n" + tables)
    failed = report.failed_turns(result)
    if not options.quick and not failed:
        report.write_between_markers(DOCUMENT, tables)
        say(f"Written to {DOCUMENT.relative_to(ROOT)}.")
    if failed:
        print(f"bench-turn: not valid, {failed} turns failed; nothing was written.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
