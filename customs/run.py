"""`make run`: start the parts under supervisor, wait until they answer, print where to open the chat, stop on Ctrl-C.

With CONSOLE=1 the staff console and its worker are parts of it; with CONSOLE=only there is nothing else (`make console`), and where the
knowledge is missing it is made beside the open console. A part that dies is started again by supervisor; its log is var/log/<part>.log.
"""

from __future__ import annotations

import os
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

from customs.bootstrap import APP_PYTHON, RASA_PYTHON, say, step_environment
from customs.bootstrap_knowledge import is_knowledge_ready, making
from customs.run_supervisor import ONCE, given_up, start, stop_everything, supervisor_file, tail
from customs.settings import ROOT, SettingError, Settings

WAIT_S = 600  # on a machine that does much else; a part that cannot start is told at once
_BEGUN_WITHIN_S = 15


def console_wanted() -> str:
    """CONSOLE from the environment: "" (none), "1" (beside the service) or "only". Raises `SettingError` for another value."""
    wanted = os.environ.get("CONSOLE", "").strip()
    if wanted not in ("", "0", "1", "only"):
        raise SettingError(
            f"CONSOLE is {wanted!r}: expected 1 (the console beside the service), only (nothing else) or 0."
        )
    return wanted.replace("0", "")


def commands(settings: Settings, console: str = "") -> dict[str, list[str]]:
    """The command line of each part."""
    parts = {} if console == "only" else _service(settings)
    if console:
        customs = [str(APP_PYTHON), "-m", "customs.cli"]
        parts["console"] = [*customs, "console", "--no-prepare"]
        parts["console-worker"] = [*customs, "console-worker"]
    if console == "only" and not is_knowledge_ready():
        parts[ONCE] = [str(APP_PYTHON), "-m", "customs.bootstrap", "knowledge"]
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
        urls["console"] = f"http://{_reached(settings.console_host)}:{settings.console_port}/healthz"
    return urls


def _reached(host: str) -> str:
    """The address under which this machine reaches what listens on `host`."""
    host = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    return f"[{host}]" if ":" in host else host


def answers(url: str) -> bool:
    """Does the address answer 200 within two seconds?"""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def port_problem(settings: Settings, console: str = "") -> str | None:
    """A sentence naming the port that something else listens on, or None."""
    places = {} if console == "only" else _service_places(settings)
    if console:
        places["console"] = (_reached(settings.console_host), settings.console_port, "CUSTOMS_CONSOLE_PORT")
    for part, (host, port, variable) in places.items():
        if port and _in_use(host.strip("[]"), port):
            return (
                f"customs: port {port} of {part} is in use. Stop what listens there (an earlier `make run` or `make console`?) "
                f"or choose another by {variable}."
            )
    return None


def _service_places(settings: Settings) -> dict[str, tuple[str, int | None, str]]:
    return {
        "rasa": ("127.0.0.1", urlsplit(settings.rasa_url).port, "CUSTOMS_RASA_URL"),
        "actions": ("127.0.0.1", urlsplit(settings.actions_url).port, "CUSTOMS_ACTIONS_URL"),
        "chat": (_reached(settings.chat_host), settings.chat_port, "CUSTOMS_CHAT_PORT"),
    }


def _in_use(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


def prepare_console() -> bool:
    """Make the console's tables, roles and first user where they are missing, in the open: the one-time password is printed here."""
    return (
        subprocess.run(
            [str(APP_PYTHON), "-m", "customs.cli", "console", "--prepare"], cwd=ROOT, env=step_environment()
        ).returncode
        == 0
    )


def wait_until_ready(
    settings: Settings, supervisor: subprocess.Popen[bytes], console: str = "", log: Path | None = None
) -> bool:
    """Wait for every part, saying which one is ready after how long; False when it takes too long, or when supervisor gave one up
    (which its `log` tells).
    """
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
        if given_up(log):
            break
        time.sleep(0.3)
    for part in waiting:
        say(f"customs: {part} did not become ready. The end of {tail(settings.var_dir / 'log' / (part + '.log'))}")
    return not waiting


def tell_until_it_ends(settings: Settings, supervisor: subprocess.Popen[bytes], prepares: bool) -> int:
    """Wait for supervisor's end and return its exit code; meanwhile say when the knowledge, made beside the console, is ready."""
    started = time.monotonic()
    while prepares and supervisor.poll() is None:
        time.sleep(1)
        now = making(settings.var_dir)
        if now and not now.failed:
            continue
        log = settings.var_dir / "log" / f"{ONCE}.log"
        if now:
            say(f"customs: the knowledge could not be prepared. {now.failed}\nThe end of {tail(log)}")
            say("The console stays open. Mend it, then stop with Ctrl-C and start again; it goes on where it was.")
            prepares = False
        elif is_knowledge_ready():
            say(
                f"The knowledge is ready after {time.monotonic() - started:.0f} s: what is approved goes live now, and drafts can be tried."
            )
            prepares = False
        elif time.monotonic() - started > _BEGUN_WITHIN_S:
            say(f"customs: the preparing of the knowledge ended before it was done. The end of {tail(log)}")
            prepares = False
    return supervisor.wait()


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
    name = "supervisor-console" if console == "only" else "supervisor"
    try:
        config = supervisor_file(parts, settings.var_dir, name)
        log = settings.var_dir / "log" / f"{name}.log"
        log.unlink(missing_ok=True)  # what it says of an earlier start would be taken for this one's
    except OSError as error:
        say(
            f"customs: {error}. Is the disk full, or may this user not write there? CUSTOMS_VAR_DIR names another folder."
        )
        return 1
    supervisor = start(config)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):  # a shell may have started us with SIGINT ignored
        signal.signal(number, stop)
    code = 0
    try:
        if not wait_until_ready(settings, supervisor, console, log):
            code = 1
        else:
            tell_where(settings, parts, console)
            code = tell_until_it_ends(settings, supervisor, ONCE in parts)
    except KeyboardInterrupt:
        pass
    finally:
        stop_everything(supervisor)
    return code


def tell_where(settings: Settings, parts: Mapping[str, list[str]], console: str) -> None:
    """Say under which addresses the parts are reached, and what is not there yet."""
    say("")
    if "chat" in parts:
        say(f"The chat is open at  http://{_reached(settings.chat_host)}:{settings.chat_port}/")
    if console:
        say(
            f"The console is open at  {settings.console_url or f'http://{_reached(settings.console_host)}:{settings.console_port}/'}"
        )
    if "telegram" in parts:
        say("The Telegram bot is polling.")
    if ONCE in parts:
        say(
            "What answers are found with is still being prepared, which takes minutes the first time. You can write and approve meanwhile;"
        )
        say("trying drafts and going live wait for it.")
    say(f"Logs are in {os.path.relpath(settings.var_dir / 'log', ROOT)}/. Ctrl-C stops everything.")


if __name__ == "__main__":
    sys.exit(main())
