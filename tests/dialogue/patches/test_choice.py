"""One switch chooses the patches, and another version of Rasa gets none."""

import logging

import pytest
import rasa
from rasa.core.actions.action import RemoteAction

from dialogue import patches

ALL = ["validator", "events", "session", "request", "graph", "rules", "copies", "words"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", ALL), ("", ALL), ("0", []), ("off", []), ("session, validator", ["validator", "session"])],
)
def test_one_switch_chooses(text, expected):
    assert patches.apply(text, 15.0) == expected


def test_an_unknown_name_is_refused():
    with pytest.raises(patches.UnknownPatchError, match="sesion.*validator, events, session"):
        patches.apply("sesion", 15.0)


def test_another_version_of_rasa_is_left_as_it_is(monkeypatch, caplog):
    monkeypatch.setattr(rasa, "__version__", "3.7.0")
    stock = RemoteAction._validate_action_result
    with caplog.at_level(logging.WARNING):
        assert patches.apply("1", 15.0) == []
    assert RemoteAction._validate_action_result is stock
    assert "3.7.0" in caplog.text
