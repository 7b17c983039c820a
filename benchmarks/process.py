"""One server process: started, waited for until it answers, measured, stopped with all its children."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import psutil

from customs.run import answers

READY_S = 240.0
STOP_S = 25.0


class ProcessError(RuntimeError):
    """A process did not become ready, or died; the message holds the end of its log."""


class Process:
    """A command that serves HTTP. `health` is an address that answers 200 once it is ready."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], folder: Path, log: Path, health: str
    ) -> None:
        self.name = name
        self.command = command
        self.environment = dict(environment)
        self.folder = folder
        self.log = log
        self.health = health
        self.ready_after_s: float | None = None
        self._started = 0.0
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's id. Raises `ProcessError` when it has not been started."""
        if self._popen is None:
            raise ProcessError(f"{self.name} has not been started.")
        return self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def start(self) -> None:
        """Start it in a process group of its own, its output appended to its log; does not wait."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.ready_after_s = None
        self._started = time.monotonic()
        with self.log.open("ab") as file:
            self._popen = subprocess.Popen(
                self.command, cwd=self.folder, env=self.environment, stdout=file, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def is_ready(self, timeout_s: float = READY_S) -> bool:
        """Does it answer? Raises `ProcessError` when it has died, or has not answered `timeout_s` after its start."""
        if self.ready_after_s is not None and self.running:
            return True
        if answers(self.health):
            self.ready_after_s = time.monotonic() - self._started
            return True
        if not self.running:
            raise ProcessError(f"{self.name} stopped while starting.\n{self.end_of_log()}")
        if time.monotonic() - self._started > timeout_s:
            late = f"{self.name} did not answer at {self.health} in {timeout_s:.0f} s."
            raise ProcessError(f"{late}\n{self.end_of_log()}")
        return False

    def wait_ready(self, timeout_s: float = READY_S) -> None:
        """Wait until it answers; `ready_after_s` then has the seconds since its start. Raises `ProcessError`."""
        wait_all([self], timeout_s)

    def stop(self, timeout_s: float = STOP_S) -> None:
        """Ask it to stop, and end it and its children if it does not."""
        self._end(signal.SIGTERM, timeout_s)

    def kill(self) -> None:
        """End it and its children at once, as a crash would."""
        self._end(signal.SIGKILL, STOP_S)

    def _end(self, number: signal.Signals, timeout_s: float) -> None:
        if self._popen is None:
            return
        self._signal_group(number)
        try:
            self._popen.wait(timeout_s)
        except subprocess.TimeoutExpired:
            pass
        self._signal_group(signal.SIGKILL)  # children that outlived it
        self._popen.wait()
        self._popen = None

    def _signal_group(self, number: signal.Signals) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            pass

    def end_of_log(self, lines: int = 15) -> str:
        """The last lines of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return f"The end of {self.log}:\n  " + "\n  ".join(text.splitlines()[-lines:])

    def _family(self) -> list[psutil.Process]:
        try:
            parent = psutil.Process(self.pid)
            return [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def rss_mb(self) -> float:
        """Resident memory of it and its children, in MB (10^6 bytes)."""
        return sum(_measured(process, lambda one: one.memory_info().rss) for process in self._family()) / 1e6

    def cpu_s(self) -> float:
        """Processor time used by it and its children so far, in seconds."""
        return sum(_measured(process, lambda one: sum(one.cpu_times()[:2])) for process in self._family())


def wait_all(processes: Iterable[Process], timeout_s: float = READY_S) -> None:
    """Wait until all of them answer. Raises `ProcessError` for the first that will not."""
    waiting = list(processes)
    while waiting := [process for process in waiting if not process.is_ready(timeout_s)]:
        time.sleep(0.1)


def _measured(process: psutil.Process, measure: Callable[[psutil.Process], float]) -> float:
    try:
        return measure(process)
    except psutil.NoSuchProcess:  # a child that ended meanwhile
        return 0.0
