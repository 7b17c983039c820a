"""The real action server on loopback, with the rules of the shipped packs: sums need no index and no encoder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.base import Service
from actions.server import ActionServer
from actions.sums.warm import warm_up
from customs.settings import Settings
from tests.actions.rules_only import rules_only
from tests.bot.fake_rasa import serving


@pytest.fixture(scope="module")
def served_sums() -> Iterator[str]:
    """Its address."""
    knowledge = rules_only()
    settings = Settings({"CUSTOMS_ACTION_DEADLINE_S": "60"})  # a busy machine is no reason to fail
    Service.start(settings, knowledge)  # type: ignore[arg-type]
    warm_up(settings.languages)
    with serving(ActionServer(ActionExecutor(), knowledge, 1000)) as address:  # type: ignore[arg-type]
        yield address
