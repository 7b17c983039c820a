"""The peer: the bot that `rasa init` makes, trained as it trains it, and the same bot with one customs question and action.

Both are made once and kept in <var_dir>/bench/stock, by Rasa's version; the second also by what `benchmarks/stock/` holds.
They use the same Rasa environment as ours, in which jsonschema is pinned to 3.2. A plain `pip install rasa==3.6.21` takes
4.17.3, with which every call of an action costs tens of milliseconds more; `as_installed` gives that one, laid over ours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks.process import Process
from customs.bootstrap import RASA_PYTHON, UV, digest

ADDED = Path(__file__).with_name("stock")
# What pip resolves Rasa's own range (>=3.2,<4.18) to.
JSONSCHEMA = "jsonschema==4.17.3"
IN_MEMORY, KEPT = "endpoints.yml", "endpoints_kept.yml"
TRAINED = ("domain.yml", "nlu.yml", "rules.yml")  # what a model is made of; the rest is copied each time
ACTION_TEXT = "Ask the customs office of the country that you travel to."
# A conversation of five turns in the words of the stock bot's own stories; none needs an action server.
CHATS = (
    ("hello", "I am sad", "no", "are you a bot?", "bye"),
    ("hi", "I am great", "are you a human?", "see you later", "hey"),
    ("good morning", "very sad", "yes", "am I talking to a bot?", "good night"),
    ("hey there", "super stoked", "goodbye", "hello there", "so sad"),
    ("good evening", "unhappy", "never", "bye bye", "hi"),
    ("hey", "amazing", "are you a bot?", "have a nice day", "hello"),
)


class StockBotError(RuntimeError):
    """The stock bot could not be made; the message says where its log is."""


def environment(**more: str) -> dict[str, str]:
    """What a user's shell would have: none of our packages on the path, none of our switches, nothing sent home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CUSTOMS_")}
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "SANIC_WORKERS"):
        kept.pop(name, None)
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "2", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    return kept | quiet | {"PYTHONUNBUFFERED": "1"} | more


def rasa_version() -> str:
    """The version of Rasa in its environment."""
    code = "import importlib.metadata as m; print(m.version('rasa'))"
    return subprocess.run([str(RASA_PYTHON), "-c", code], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()


def _run(arguments: list[str], folder: Path, log: Path) -> None:
    command = [str(RASA_PYTHON), "-m", "rasa", *arguments]
    with log.open("w") as file:
        done = subprocess.run(command, cwd=folder, env=environment(), stdout=file, stderr=subprocess.STDOUT)
    if done.returncode:
        raise StockBotError(f"rasa {arguments[0]} failed (exit {done.returncode}); its messages are in {log}.")


def _is_trained(project: Path) -> bool:
    return any(project.glob("models/*.tar.gz"))


def make_plain(folder: Path) -> Path:
    """The project of `rasa init --no-prompt`, trained; made if it is not there. Raises `StockBotError`."""
    project = folder / f"rasa-{rasa_version()}"
    if not _is_trained(project):
        print("• Making and training the stock bot by `rasa init --no-prompt` (once, 2 to 5 minutes)", flush=True)
        shutil.rmtree(project, ignore_errors=True)
        project.mkdir(parents=True)  # Rasa asks for it, or refuses when it may not ask
        _run(["init", "--no-prompt", "--init-dir", project.name], folder, folder / "init.log")
    return project


def make_with_action(folder: Path, plain: Path) -> Path:
    """The same project with one more intent, rule and custom action, trained. Raises `StockBotError`."""
    mark = digest(ADDED / name for name in TRAINED)[:8]
    project = folder / f"{plain.name}-action-{mark}"
    if not _is_trained(project):
        print("• Training the stock bot with a customs question (once, 2 to 5 minutes)", flush=True)
        shutil.rmtree(project, ignore_errors=True)
        shutil.copytree(plain, project, ignore=shutil.ignore_patterns("models", ".rasa", "__pycache__"))
        (project / "domain").mkdir()
        (project / "domain.yml").rename(project / "domain" / "stock.yml")
        shutil.copy(ADDED / "domain.yml", project / "domain" / "customs.yml")
        shutil.copy(ADDED / "nlu.yml", project / "data" / "customs_nlu.yml")
        shutil.copy(ADDED / "rules.yml", project / "data" / "customs_rules.yml")
        _run(["train", "--domain", "domain"], project, folder / "train.log")
    for name in (IN_MEMORY, KEPT):
        shutil.copy(ADDED / name, project / name)
    shutil.copy(ADDED / "actions.py", project / "actions" / "actions.py")
    return project


def as_installed(folder: Path) -> Path | None:
    """A folder with the jsonschema that `pip install rasa` takes, to go before our environment; None if it cannot be had."""
    overlay = folder / JSONSCHEMA.replace("==", "-")
    if not (overlay / "jsonschema").is_dir():
        command = [str(UV), "pip", "install", "--quiet", "-p", str(RASA_PYTHON), "--no-deps", "--target", str(overlay)]
        if subprocess.run([*command, JSONSCHEMA]).returncode:
            print(
                f"bench-turn: {JSONSCHEMA} cannot be installed, so the stock bot with it is left out.", file=sys.stderr
            )
            return None
    return overlay


def server(name: str, project: Path, port: int, logs: Path, endpoints: str = IN_MEMORY, **variables: str) -> Process:
    """`rasa run` in `project`: its REST channel, and the stock tracker store that `endpoints` names."""
    command = [str(RASA_PYTHON), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--endpoints", endpoints]
    return Process(
        name,
        command,
        environment(**variables),
        project,
        logs / f"{name}.log",
        f"http://127.0.0.1:{port}/webhooks/rest/",
    )


def action_server(name: str, project: Path, port: int, logs: Path) -> Process:
    """The stock action server of the rasa-sdk that came with Rasa."""
    command = [str(RASA_PYTHON), "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)]
    return Process(
        name,
        command,
        environment(SANIC_HOST="127.0.0.1"),
        project,
        logs / f"{name}.log",
        f"http://127.0.0.1:{port}/health",
    )


def make_both(folder: Path) -> tuple[Path, Path]:
    """Both projects, trained."""
    plain = make_plain(folder)
    return plain, make_with_action(folder, plain)


def main(environ: Mapping[str, str] = os.environ) -> int:
    """Make both bots and print where they are: `python -m benchmarks.stock_bot`."""
    from customs.bootstrap import var_dir

    try:
        for project in make_both(var_dir() / "bench" / "stock"):
            print(project)
    except StockBotError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
