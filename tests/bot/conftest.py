"""A fake Rasa on loopback, as new for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.fake_rasa import FakeRasa, serving


@pytest.fixture(scope="session")
def served_rasa() -> Iterator[FakeRasa]:
    fake = FakeRasa()
    with serving(fake.app) as url:
        fake.url = url
        yield fake


@pytest.fixture
def rasa(served_rasa: FakeRasa) -> FakeRasa:
    served_rasa.reset()
    return served_rasa
