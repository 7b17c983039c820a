"""Environment variables of the Rasa process: ours with their defaults, and those that must be set before Rasa is imported."""

from __future__ import annotations

import os
import warnings
from collections.abc import MutableMapping
from typing import Any

from customs.settings import Settings

# Read here and in endpoints.yml only; customs/settings.py holds what several parts read.
OWN_VARIABLES = ("CUSTOMS_RASA_PATCHES", "CUSTOMS_TRACKER_STORE", "CUSTOMS_TRACKER_URL")
SESSION_STORE = "dialogue.tracker_store.SessionStore"


def own_settings() -> Settings:
    """The service's settings, checked, with this part's own variables left aside. Raises `SettingError`."""
    return Settings({name: value for name, value in os.environ.items() if name not in OWN_VARIABLES})


def quieten(environ: MutableMapping[str, str] = os.environ) -> None:
    """Nothing is sent to anyone, and libraries do not chatter. Call before Rasa is imported."""
    environ["RASA_TELEMETRY_ENABLED"] = "false"
    environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # nothing here computes on a GPU, and looking for one takes time
    environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    # One process: two behind a shared lock lost messages. Replicas stand side by side with askers tied to one.
    environ["SANIC_WORKERS"] = "1"
    _drop_deprecations()


def _drop_deprecations() -> None:
    """Show no deprecation warnings. A filter does not last: libraries that Rasa imports set the filters anew."""
    show = warnings.showwarning

    def show_others(message: Any, category: type[Warning], *place: Any, **more: Any) -> None:
        if not issubclass(category, (DeprecationWarning, FutureWarning)):
            show(message, category, *place, **more)

    warnings.showwarning = show_others


def fill_endpoints(settings: Settings, environ: MutableMapping[str, str] = os.environ) -> None:
    """Give the variables that endpoints.yml names their values, where the operator has set none."""
    environ["CUSTOMS_ACTIONS_URL"] = settings.actions_url.rstrip("/")
    environ["CUSTOMS_TRACKER_STORE"] = environ.get("CUSTOMS_TRACKER_STORE") or SESSION_STORE
    environ["CUSTOMS_TRACKER_URL"] = environ.get("CUSTOMS_TRACKER_URL") or str(settings.var_dir / "conversations.db")


def set_up_logging(level: str) -> None:
    """Log lines of Rasa at `level`, and nothing of its debugging, which would hold people's messages."""
    import logging

    import rasa.utils.common
    import rasa.utils.log_utils

    number = logging.getLevelName(level.upper())
    rasa.utils.common.configure_logging_and_warnings(number, warn_only_once=True, filter_repeated_logs=True)
    rasa.utils.log_utils.configure_structlog(number)
