"""The real service on ports of its own: `with Service(var_dir) as service:` for benchmarks and end-to-end tests.

The parts are started by the command lines of `make run` (customs/run.py), without supervisor, so that a test may kill one and
see what its users see. The Rasa model and a release must be there (`make setup`).
"""

from __future__ import annotations

import os
import random
import shutil
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.process import Process, ProcessError, wait_all
from customs import run
from customs.bootstrap import step_environment
from customs.settings import ROOT, Settings

PORTS = range(9400, 9500)
PARTS = ("actions", "rasa", "chat")


def free_ports(count: int, within: Iterable[int] = PORTS) -> list[int]:
    """`count` different ports of loopback that nothing listens on. Raises `ProcessError` when there are not enough."""
    found: list[int] = []
    # In a random order, so that two runs at once seldom try the same one.
    candidates = list(within)
    for port in random.sample(candidates, len(candidates)):
        with socket.socket() as probe:
            # As servers do it: a port whose last connections have just closed is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise ProcessError(f"Only {len(found)} of {count} free ports between {min(candidates)} and {max(candidates)}.")


def link_release(releases: Path, var_dir: Path) -> str:
    """Let `var_dir` serve the release that `releases/current` is; its id. Raises `ProcessError` when there is none."""
    folder = (releases / "current").resolve()
    if not (folder / "manifest.json").exists():
        raise ProcessError(f"There is no release in {releases}. Build one with: make setup")
    link = var_dir / "releases" / "current"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(folder)
    return folder.name


class Service:
    """Rasa, actions and chat as processes. `settings` overrides settings by name without the prefix, as text.

    `parts` leaves parts out; `environment` goes to every part; `wait` False returns before they are ready. A part:
    `service["rasa"]`, a `Process`. `service.url` is the chat, `service.rasa_url` the dialogue engine.
    """

    def __init__(
        self,
        var_dir: Path,
        *,
        settings: Mapping[str, str] | None = None,
        parts: Iterable[str] = PARTS,
        environment: Mapping[str, str] | None = None,
        wait: bool = True,
    ) -> None:
        ports = dict(zip(PARTS, free_ports(len(PARTS))))
        values = {
            "VAR_DIR": str(var_dir),
            "RASA_URL": f"http://127.0.0.1:{ports['rasa']}",
            "ACTIONS_URL": f"http://127.0.0.1:{ports['actions']}",
            "CHAT_HOST": "127.0.0.1",
            "CHAT_PORT": str(ports["chat"]),
        }
        for name in ("MODELS_DIR", "CONTENT_DIR"):  # where things lie, an operator's environment may say
            if f"CUSTOMS_{name}" in os.environ:
                values[name] = os.environ[f"CUSTOMS_{name}"]
        values |= {name.upper(): text for name, text in (settings or {}).items()}
        own = {f"CUSTOMS_{name}": text for name, text in values.items()}
        self.settings = Settings(own)
        self.var_dir = var_dir
        self._wait = wait
        inherited = {name: text for name, text in step_environment().items() if not name.startswith("CUSTOMS_")}
        inherited.pop("TELEGRAM_BOT_TOKEN", None)
        self.environment = inherited | own | dict(environment or {})
        self.url = f"http://127.0.0.1:{ports['chat']}"
        self.rasa_url = self.settings.rasa_url
        health = run.health_urls(self.settings) | {"rasa": f"{self.rasa_url}/webhooks/rest/"}
        wanted = tuple(parts)
        self._parts = {
            name: Process(name, command, self.environment, ROOT, var_dir / "log" / f"{name}.log", health[name])
            for name, command in run.commands(self.settings).items()
            if name in wanted
        }
        if "rasa" in self._parts:
            self._keep_model(self._parts["rasa"].command)

    def _keep_model(self, command: list[str]) -> None:
        """Serve a copy of the model: a training beside a long run removes the old one, and a restart needs it."""
        place = command.index("--model") + 1
        model = Path(command[place])
        if not model.exists():
            raise ProcessError(f"There is no dialogue model {model}. Train it with: make setup")
        self.var_dir.mkdir(parents=True, exist_ok=True)
        command[place] = shutil.copy(model, self.var_dir / model.name)

    def __enter__(self) -> Service:
        try:
            for part in self._parts.values():
                part.start()
            if self._wait:
                self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __getitem__(self, part: str) -> Process:
        return self._parts[part]

    @property
    def parts(self) -> tuple[Process, ...]:
        return tuple(self._parts.values())

    def wait_ready(self) -> None:
        """Wait until every part answers. Raises `ProcessError` with the end of its log for one that does not."""
        wait_all(self.parts)

    def kill(self, part: str) -> None:
        """End a part at once, as a crash would; the others go on."""
        self._parts[part].kill()

    def restart(
        self, part: str, command: list[str] | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Stop a part, if it runs, and start it again, with another command line or more environment when given."""
        process = self._parts[part]
        process.stop()
        process.command = command or process.command
        process.environment |= environment or {}
        process.start()
        process.wait_ready()

    def stop(self) -> None:
        """Stop every part."""
        for part in reversed(self._parts.values()):
            part.stop()
