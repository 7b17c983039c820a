"""The parts under supervisor: its configuration, its start, its end, and what it says of a part that it gave up."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psutil

from customs.bootstrap import APP_PYTHON, say, step_environment
from customs.settings import ROOT

ONCE = "knowledge"  # the part that ends when it is done
STOP_S = 30.0


def supervisor_file(parts: Mapping[str, list[str]], var_dir: Path, name: str = "supervisor") -> Path:
    """Write the configuration for supervisor and return its path; `name` keeps two of them apart that share a folder."""
    logs = var_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    text = [
        "[supervisord]", "nodaemon=true", "silent=true",
        f"logfile={logs / name}.log", f"pidfile={var_dir / name}.pid", f"directory={ROOT}",
    ]  # fmt: skip
    for part, command in parts.items():
        text += [
            f"[program:{part}]", f"command={shlex.join(command).replace('%', '%%')}",
            *(["autorestart=false", "startsecs=0"] if part == ONCE else ["autorestart=true", "startsecs=3"]), "startretries=5", "stopwaitsecs=20", "stopasgroup=true", "killasgroup=true", "redirect_stderr=true",
            f"stdout_logfile={logs / (part + '.log')}", "stdout_logfile_maxbytes=10MB", "stdout_logfile_backups=3",
        ]  # fmt: skip
    path = var_dir / f"{name}.conf"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def start(config: Path) -> subprocess.Popen[bytes]:
    """Start supervisor with this configuration, out of reach of the terminal's Ctrl-C: who started it ends it in order."""
    return subprocess.Popen(
        [str(APP_PYTHON), "-m", "supervisor.supervisord", "-c", str(config)],
        cwd=ROOT, env=step_environment(), start_new_session=True,
    )  # fmt: skip


def given_up(log: Path | None) -> list[str]:
    """The parts that supervisor does not start again, as they ended each time."""
    text = log.read_text(errors="replace") if log and log.exists() else ""
    return re.findall(r"gave up: (\S+) entered FATAL state", text)


def tail(log: Path, lines: int = 15) -> str:
    """The name of a log and its last lines, to be read below one another."""
    found = log.read_text(errors="replace").splitlines()[-lines:] if log.exists() else []
    return f"{log}:\n  " + "\n  ".join(found)


def stop_everything(supervisor: subprocess.Popen[bytes]) -> None:
    """End supervisor and with it every part; by force after half a minute, or at a second Ctrl-C."""
    if supervisor.poll() is not None:
        return
    say("\n• Stopping")
    supervisor.terminate()
    try:
        supervisor.wait(STOP_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        _kill_all(supervisor.pid)
    say("    stopped")


def _kill_all(supervisor: int) -> None:
    """Each part leads a process group of its own, so supervisor's group alone would leave them behind."""
    with contextlib.suppress(psutil.NoSuchProcess):
        everybody = psutil.Process(supervisor).children(recursive=True)
        os.killpg(supervisor, signal.SIGKILL)
        for process in everybody:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
