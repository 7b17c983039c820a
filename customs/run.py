"""`make run`: start the parts under supervisor, wait until they answer, print where to open the chat, stop on Ctrl-C.

With CONSOLE=1 the staff console and its worker are parts of it; with CONSOLE=only there is nothing else (`make console`). A part that dies is started again by supervisor; its log is var/log/<part>.log.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from customs.bootstrap import APP_PYTHON, RASA_PYTHON, step_environment
from customs.settings import ROOT, SettingError, Settings

WAIT_S = 180


def say(text: str) -> None:
    print(text, flush=True)


def console_wanted() -> str:
    """CONSOLE from the environment: "" (none), "1" (beside the service) or "only". Raises `SettingError` for another value."""
    wanted = os.environ.get("CONSOLE", "").strip()
    if wanted not in ("", "0", "1", "only"):
        raise SettingError(f"CONSOLE is {wanted!r}: expected 1 (the console beside the service), only (nothing else) or 0.")
    return wanted.replace("0", "")


def commands(settings: Settings, console: str = "") -> dict[str, list[str]]:
    """The command line of each part."""
    parts = {} if console == "only" else _service(settings)
    if console:
        customs = [str(APP_PYTHON), "-m", "customs.cli"]
        parts["console"] = [*customs, "console", "--no-prepare"]
        parts["console-worker"] = [*customs, "console-worker"]
    return parts


def _service(settings: Settings) -> dict[str, list[str]]:
    find = [str(RASA_PYTHON), "-m", "dialogue.train", "--print-path"]
    model = subprocess.run(
        find, cwd=ROOT, env=step_environment(), stdout=subprocess.PIPE, check=True, text=True
    ).stdout.strip()
    port = str(urlsplit(settings.rasa_url).port or 5005)
    app = [str(APP_PYTHON), "-m", "customs.cli", "serve"]
    parts = {
        "rasa": [str(RASA_PYTHON), "-m", "dialogue.serve", "--port", port, "--model", model],
        "actions": [*app, "actions"],
        "chat": [*app, "chat"],
    }
    if settings.telegram_token and settings.telegram_mode == "polling":
        parts["telegram"] = [*app, "telegram"]
    return parts


def health_urls(settings: Settings, console: str = "") -> dict[str, str]:
    """What answers 200 once a part is ready."""
    urls = {
        "actions": f"{settings.actions_url}/ready",
        "rasa": f"{settings.rasa_url}/webhooks/rest/",
        "chat": f"http://127.0.0.1:{settings.chat_port}/healthz",
    }
    if console == "only":
        urls.clear()
    if console:
        urls["console"] = f"http://127.0.0.1:{settings.console_port}/healthz"
    return urls


def supervisor_file(parts: Mapping[str, list[str]], var_dir: Path) -> Path:
    """Write the configuration for supervisor and return its path."""
    logs = var_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    text = [
        "[supervisord]", "nodaemon=true", "silent=true",
        f"logfile={logs / 'supervisor.log'}", f"pidfile={var_dir / 'supervisor.pid'}", f"directory={ROOT}",
    ]  # fmt: skip
    for name, command in parts.items():
        text += [
            f"[program:{name}]", f"command={shlex.join(command).replace('%', '%%')}", "autorestart=true", "startsecs=3",
            "startretries=5", "stopwaitsecs=20", "stopasgroup=true", "killasgroup=true", "redirect_stderr=true",
            f"stdout_logfile={logs / (name + '.log')}", "stdout_logfile_maxbytes=10MB", "stdout_logfile_backups=3",
        ]  # fmt: skip
    path = var_dir / "supervisord.conf"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def answers(url: str) -> bool:
    """Does the address answer 200 within two seconds?"""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def port_problem(settings: Settings, console: str = "") -> str | None:
    """A sentence naming the port that something else listens on, or None."""
    ports = {
        "rasa": urlsplit(settings.rasa_url).port,
        "actions": urlsplit(settings.actions_url).port,
        "chat": settings.chat_port,
    }
    variables = {"rasa": "CUSTOMS_RASA_URL", "actions": "CUSTOMS_ACTIONS_URL", "chat": "CUSTOMS_CHAT_PORT"}
    if console == "only":
        ports.clear()
    if console:
        ports["console"], variables["console"] = settings.console_port, "CUSTOMS_CONSOLE_PORT"
    for part, port in ports.items():
        with socket.socket() as probe:
            if port and probe.connect_ex(("127.0.0.1", port)) == 0:
                return (
                    f"customs: port {port} of {part} is in use. Stop what listens there (an earlier `make run`?) "
                    f"or choose another by {variables[part]}."
                )
    return None


def prepare_console() -> bool:
    """Make the console's tables, roles and first user where they are missing, in the open: the one-time password is printed here."""
    return subprocess.run([str(APP_PYTHON), "-m", "customs.cli", "console", "--prepare"], cwd=ROOT, env=step_environment()).returncode == 0


def wait_until_ready(settings: Settings, supervisor: subprocess.Popen[bytes], console: str = "") -> bool:
    """Wait for every part, saying which one is ready after how long; False when it takes too long."""
    waiting = health_urls(settings, console)
    started = last_said = time.monotonic()
    while waiting and time.monotonic() - started < WAIT_S and supervisor.poll() is None:
        for part in [part for part, url in waiting.items() if answers(url)]:
            del waiting[part]
            last_said = time.monotonic()
            say(f"    {part} is ready after {last_said - started:.0f} s")
        if time.monotonic() - last_said > 5:
            last_said = time.monotonic()
            say(f"    … {last_said - started:.0f} s, waiting for {', '.join(waiting)}")
        time.sleep(0.3)
    for part in waiting:
        log = settings.var_dir / "log" / f"{part}.log"
        tail = log.read_text(errors="replace").splitlines()[-15:] if log.exists() else []
        say(f"customs: {part} did not become ready. The end of {log}:\n  " + "\n  ".join(tail))
    return not waiting


def main() -> int:
    try:
        settings = Settings()
        console = console_wanted()
    except SettingError as error:
        say(f"customs: {error}")
        return 1
    if problem := port_problem(settings, console):
        say(problem)
        return 1
    if console:
        say("• Preparing the console")
        if not prepare_console():
            return 1
    say("• Starting")
    parts = commands(settings, console)
    config = supervisor_file(parts, settings.var_dir)
    supervisor = subprocess.Popen(
        [str(APP_PYTHON), "-m", "supervisor.supervisord", "-c", str(config)],
        cwd=ROOT, env=step_environment(), start_new_session=True,
    )  # fmt: skip

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):  # a shell may have started us with SIGINT ignored
        signal.signal(number, stop)
    code = 0
    try:
        if not wait_until_ready(settings, supervisor, console):
            code = 1
        else:
            if "chat" in parts:
                host = "127.0.0.1" if settings.chat_host in ("0.0.0.0", "::") else settings.chat_host
                say(f"\nThe chat is open at  http://{host}:{settings.chat_port}/")
            if console:
                say(f"\nThe console is open at  http://{settings.console_host}:{settings.console_port}/")
            if "telegram" in parts:
                say("The Telegram bot is polling.")
            say(f"Logs are in {os.path.relpath(settings.var_dir / 'log', ROOT)}/. Ctrl-C stops everything.")
            supervisor.wait()
            code = supervisor.returncode
    except KeyboardInterrupt:
        pass
    finally:
        if supervisor.poll() is None:
            say("\n• Stopping")
            supervisor.terminate()
            try:
                supervisor.wait(30)
            except (subprocess.TimeoutExpired, KeyboardInterrupt):
                os.killpg(supervisor.pid, signal.SIGKILL)
            say("    stopped")
    return code


if __name__ == "__main__":
    sys.exit(main())
