"""The scenarios, with a fake Rasa behind the bot."""

import pytest

from tests.bot.telegram.scenarios import SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_scenario(world, scenario):
    await scenario(world)
