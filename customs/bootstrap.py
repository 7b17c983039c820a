"""Set-up of everything, by any Python 3.8 or newer and the standard library alone: `make setup`, `make run`, `make console`, `make test`.

    interpreters → two environments from lock files → encoder → Rasa model → knowledge release

Each step is skipped when what it is made from has not changed; a stamp beside its result says so.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from customs.bootstrap_environments import ensure_browser, ensure_environment, ensure_uv, uv_environment
from customs.bootstrap_knowledge import make_knowledge
from customs.bootstrap_python import find_python
from customs.bootstrap_steps import (
    APP_PYTHON,
    RASA_PYTHON,
    ROOT,
    UV,
    VENV,
    SetupError,
    digest,
    models_dir,
    run_step,
    say,
    step_environment,
    var_dir,
)

__all__ = [
    "APP_PYTHON", "RASA_PYTHON", "ROOT", "UV", "VENV", "SetupError", "digest", "find_python", "models_dir", "run_step", "say",
    "setup", "step_environment", "uv_environment", "var_dir",
]  # fmt: skip


def ensure_rasa_model() -> str:
    """The trained Rasa model; trained again only when data/, config.yml or domain.yml changed. Returns its path."""
    find = [str(RASA_PYTHON), "-m", "dialogue.train", "--print-path"]
    path = subprocess.run(find, cwd=str(ROOT), env=step_environment(), stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    if not Path(path).exists():
        run_step("Training the dialogue engine", [str(RASA_PYTHON), "-m", "dialogue.train"])
    return path


def setup(tests: bool = False, only_environments: bool = False) -> None:
    """Everything that must be there before the service starts."""
    python310, python311 = find_python("3.10"), find_python("3.11")
    ensure_app(python311, tests)
    ensure_environment("rasa", python310, ["rasa.lock"])
    if only_environments:
        return
    make_knowledge()
    ensure_rasa_model()
    if tests:
        ensure_browser()


def ensure_app(python311: str, tests: bool = False) -> None:
    """The environment of all but the dialogue engine."""
    ensure_uv(python311)
    ensure_environment("app", python311, ["app.lock"], torch="torch==2.13.0")
    if tests:
        ensure_environment("app", python311, ["dev.lock"])


def main() -> int:
    parser = argparse.ArgumentParser(prog="customs.bootstrap", description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["setup", "setup-tests", "environments", "run", "console", "knowledge"])
    what = parser.parse_args().what
    try:
        if what == "console":
            ensure_app(find_python("3.11"))  # the console opens at once, and what it serves is made beside it: customs/run.py
        elif what == "knowledge":
            make_knowledge()
        else:
            setup(tests=what == "setup-tests", only_environments=what == "environments")
    except SetupError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        say("customs: stopped; run the same command again to go on where it was.")
        return 130
    except OSError as error:
        say("customs: %s. Is the disk full, or may this user not write there?" % error)
        return 1
    if what in ("run", "console"):
        environment = step_environment()
        if what == "console":
            environment["CONSOLE"] = "only"
        os.execve(str(APP_PYTHON), [str(APP_PYTHON), "-m", "customs.run"], environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
