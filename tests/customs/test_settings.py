"""Settings: defaults, types, and a clear word on whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from customs.settings import ROOT, TABLE, SettingError, Settings


def test_defaults() -> None:
    settings = Settings({})
    assert settings.administrations == ("ae", "us", "gb", "eu")
    assert settings.var_dir == ROOT / "var"
    assert settings.telegram_token == ""


def test_values_are_read() -> None:
    settings = Settings({"CUSTOMS_CHAT_PORT": "9000", "CUSTOMS_VAR_DIR": "/srv/var", "CUSTOMS_SECURE_COOKIES": "yes"})
    assert (settings.chat_port, settings.var_dir, settings.secure_cookies) == (9000, Path("/srv/var"), True)


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"CUSTOMS_CHATPORT": "1"}, "CUSTOMS_CHATPORT.*Did you mean CUSTOMS_CHAT_PORT"),
        ({"CUSTOMS_QQQQQQ_999999": "1"}, "CUSTOMS_QQQQQQ_999999.*operations.md"),
        ({"CUSTOMS_CHAT_PORT": "many"}, "CUSTOMS_CHAT_PORT is 'many'.*Default: '8000'"),
        ({"CUSTOMS_SECURE_COOKIES": "perhaps"}, "CUSTOMS_SECURE_COOKIES is 'perhaps': expected 1 or 0"),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        Settings(environ)


def test_every_setting_is_in_the_operators_book() -> None:
    book = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [setting.name for setting in TABLE if f"CUSTOMS_{setting.name.upper()}" not in book]
    assert missing == []
