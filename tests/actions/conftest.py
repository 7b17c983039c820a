"""The release of the made-up administrations, built once; and the real one, where the encoder is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.base import Service
from actions.knowledge import Knowledge
from customs.settings import Settings
from tests.actions.support import Conversation, WordEncoder, build_fixture, settings_for


@pytest.fixture(scope="session")
def fixture_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A var folder with a release of the packs in tests/fixtures/packs; not to be changed."""
    folder = tmp_path_factory.mktemp("var")
    build_fixture(folder)
    return folder


@pytest.fixture(scope="session")
def fixture_knowledge(fixture_var: Path) -> Knowledge:
    return Knowledge(settings_for(fixture_var), WordEncoder())


@pytest.fixture
def settings(fixture_var: Path) -> Settings:
    return settings_for(fixture_var)


@pytest.fixture
def talk(settings: Settings, fixture_knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conversation]:
    """A new conversation with the made-up administrations."""
    monkeypatch.setattr(Service, "settings", settings, raising=False)
    monkeypatch.setattr(Service, "knowledge", fixture_knowledge, raising=False)
    yield Conversation()
