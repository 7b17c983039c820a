"""The Telegram scenarios with the real Rasa, actions and release behind the bot."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.service import Service
from tests.bot.telegram.harness import running_bot
from tests.bot.telegram.scenarios import SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_scenario(service: Service, tmp_path: Any, scenario: Any) -> None:
    async with running_bot(service.rasa_url, tmp_path, vague_question="how many cigarettes can i bring") as world:
        await scenario(world)


def test_there_are_enough_of_them() -> None:
    assert len(SCENARIOS) >= 15
