"""The service of `make run` under its own supervisor, on ports of its own, with a Bot API on loopback: for the soak.

A part that is killed is started again by supervisor and by nobody else, as on a server.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.process import ProcessError
from benchmarks.service import free_ports
from customs import run
from customs.bootstrap import APP_PYTHON, step_environment
from customs.settings import ROOT, Settings

READY_S = 240.0
# What in its command line tells a part from the others.
MARKS = {"rasa": "dialogue.serve", "actions": "actions", "chat": "chat", "telegram": "telegram"}
SUPERVISOR = "supervisor"


class Supervised:
    """All parts, Telegram polling at `bot_api`. `settings` overrides settings by name without the prefix, as text.

    Use it as a context; `ready(part)` and `kill(part)` take a name of `MARKS`. Conversations and logs lie in `var_dir`.
    """

    def __init__(self, var_dir: Path, bot_api: str, token: str, settings: dict[str, str] | None = None) -> None:
        rasa, actions, chat = free_ports(3)
        values = {
            "VAR_DIR": str(var_dir),
            "RASA_URL": f"http://127.0.0.1:{rasa}",
            "ACTIONS_URL": f"http://127.0.0.1:{actions}",
            "CHAT_HOST": "127.0.0.1",
            "CHAT_PORT": str(chat),
            "TELEGRAM_API_URL": f"{bot_api}/bot",
        }
        own = {f"CUSTOMS_{name}": text for name, text in (values | (settings or {})).items()}
        own["TELEGRAM_BOT_TOKEN"] = token
        if models := os.environ.get("CUSTOMS_MODELS_DIR"):
            own["CUSTOMS_MODELS_DIR"] = models
        self.settings = Settings(own)
        self.var_dir = var_dir
        self.url = f"http://127.0.0.1:{chat}"
        inherited = {name: text for name, text in step_environment().items() if not name.startswith("CUSTOMS_")}
        self._environment = inherited | own
        self._health = run.health_urls(self.settings)
        self._supervisor: psutil.Popen | None = None

    def __enter__(self) -> Supervised:
        parts = run.commands(self.settings)
        model = parts["rasa"].index("--model") + 1
        if not Path(parts["rasa"][model]).exists():
            raise ProcessError(f"There is no dialogue model {parts['rasa'][model]}. Train it with: make setup")
        # A copy, as in benchmarks/service.py: a training beside the run removes the old one, and a restart needs it.
        parts["rasa"][model] = shutil.copy(parts["rasa"][model], self.var_dir)
        config = run.supervisor_file(parts, self.var_dir)
        self._supervisor = psutil.Popen(
            [str(APP_PYTHON), "-m", "supervisor.supervisord", "-c", str(config)],
            cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            self._wait_ready()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _wait_ready(self) -> None:
        until = time.monotonic() + READY_S
        while waiting := [part for part in self._health if not self.ready(part)]:
            if time.monotonic() > until or self._supervisor.poll() is not None:
                ends = "\n".join(self._end_of_log(part) for part in waiting)
                raise ProcessError(f"{', '.join(waiting)} did not become ready.\n{ends}")
            time.sleep(0.2)

    def _end_of_log(self, part: str, lines: int = 15) -> str:
        log = self.var_dir / "log" / f"{part}.log"
        text = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
        return f"The end of {log}:\n  " + "\n  ".join(text)

    def _stop(self) -> None:
        if self._supervisor is None:
            return
        family = self._supervisor.children(recursive=True)
        self._supervisor.terminate()
        try:
            self._supervisor.wait(40)
        except psutil.TimeoutExpired:
            self._supervisor.kill()
        for one in family:  # only what a killed supervisor leaves
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()

    def ready(self, part: str) -> bool:
        """Does the part's health address answer? Telegram's part has none: it counts as ready."""
        return part not in self._health or run.answers(self._health[part])

    def _of(self, part: str) -> psutil.Process | None:
        for child in self._supervisor.children():
            with contextlib.suppress(psutil.NoSuchProcess):
                words = child.cmdline()
                if MARKS[part] in words and (part == "rasa" or "customs.cli" in words):
                    return child
        return None

    def kill(self, part: str) -> int:
        """End the part and its children at once, as a crash would; the process id it had. Raises `ProcessError` if it is not there."""
        process = self._of(part)
        if process is None:
            raise ProcessError(f"{part} does not run.\n{self._end_of_log(part)}")
        for one in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
        return process.pid

    def memory_mb(self) -> Iterator[tuple[str, int, float]]:
        """(part, process id, resident memory in MB of 10^6 bytes) of every part that runs, and of the supervisor."""
        with contextlib.suppress(psutil.NoSuchProcess):
            yield SUPERVISOR, self._supervisor.pid, self._supervisor.memory_info().rss / 1e6
        for part in MARKS:
            with contextlib.suppress(psutil.NoSuchProcess, ProcessError):
                if process := self._of(part):
                    whole = [process, *process.children(recursive=True)]
                    if rss := sum(one.memory_info().rss for one in whole):  # one that was just killed has none
                        yield part, process.pid, rss / 1e6
