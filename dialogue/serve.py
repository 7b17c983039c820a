"""Start the dialogue engine: `PYTHONPATH=. .venv/rasa/bin/python -m dialogue.serve --port 5005`.

Listens on the loopback address, as Rasa 3.6's web server is not to face a network. It listens only once the model and the
conversations' store are loaded, and does not start without them. `--api` adds Rasa's own HTTP interface (`/model/parse`,
`/status`) for development.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from customs.memory import keep_what_is_loaded
from customs.settings import ROOT, SettingError
from dialogue.environment import fill_endpoints, own_settings, quieten, set_up_logging
from dialogue.train import model_path

CREDENTIALS = ROOT / "credentials.yml"


class NotReadyError(RuntimeError):
    """The engine cannot answer; the message says what is missing and the way out."""


def check_model(path: Path) -> Path:
    """`path`, if a model is there. Raises `NotReadyError`: Rasa itself would start without one and answer nothing."""
    if not path.is_file():
        raise NotReadyError(
            f"There is no dialogue model {path}. Make it with: PYTHONPATH=. .venv/rasa/bin/python -m dialogue.train"
        )
    return path


def check_agent(agent: Any, store_class: str) -> None:
    """Raise `NotReadyError` unless the agent has a model and the store that endpoints.yml names.

    Rasa only logs when a store cannot be imported, and keeps conversations in memory instead.
    """
    from rasa.core.tracker_store import InMemoryTrackerStore

    from dialogue.tracker_store import unwrapped

    if agent is None or not agent.is_ready():
        raise NotReadyError("The dialogue model could not be loaded; the log above says why. Train again with --force.")
    if isinstance(unwrapped(agent.tracker_store), InMemoryTrackerStore) and store_class not in {"", "in_memory"}:
        raise NotReadyError(f"The conversations' store {store_class} could not be loaded (CUSTOMS_TRACKER_STORE).")


def serve(host: str, port: int, model: Path, api: bool, credentials: Path = CREDENTIALS) -> None:
    """Serve until SIGTERM or SIGINT. Raises `NotReadyError` when there is no usable model or no file of the channels."""
    settings = own_settings()
    quieten()
    fill_endpoints(settings)
    check_model(model)
    if not credentials.is_file():
        raise NotReadyError(f"There is no file of the channels {credentials}; docs/channels.md shows what is in it.")
    credentials = credentials.resolve()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))

    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints

    from dialogue import patches, repeats

    set_up_logging(settings.log_level)
    applied = patches.apply(os.environ.get("CUSTOMS_RASA_PATCHES", "1"), settings.turn_deadline_s)
    repeats.answer_once()
    load_agent = rasa.core.run.load_agent_on_start

    async def load_or_stop(model_path: str, endpoints: Any, remote_storage: Any, app: Any, loop: Any) -> Any:
        agent = await load_agent(model_path, endpoints, remote_storage, app, loop)
        check_agent(agent, os.environ["CUSTOMS_TRACKER_STORE"])
        keep_what_is_loaded()
        print(
            f"Dialogue engine on http://{host}:{port}, model {model.name}, patches {', '.join(applied) or 'none'}",
            flush=True,
        )
        return agent

    rasa.core.run.load_agent_on_start = load_or_stop
    rasa.core.run.serve_application(
        str(model),
        interface=host,
        port=port,
        credentials=str(credentials),
        endpoints=AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml")),
        enable_api=api,
    )


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 after a stop that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m dialogue.serve", description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: loopback only)")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, help="model file (default: that of the present training data)")
    parser.add_argument("--credentials", type=Path, default=CREDENTIALS, help="the channels (default: credentials.yml)")
    parser.add_argument("--api", action="store_true", help="also Rasa's HTTP interface, for development")
    options = parser.parse_args(arguments)
    try:
        serve(options.host, options.port, options.model or model_path(), options.api, options.credentials)
    except (NotReadyError, SettingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
