"""The console starts for others only with TLS and a key of its own; `check --deploy` finds nothing then."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from customs.settings import ROOT, SettingError, Settings
from knowledge_base.console.exposure import exposure

KEY = secrets.token_urlsafe(48)
URL = "https://console.example.org"


def of(**settings: str) -> Settings:
    return Settings({f"CUSTOMS_{name.upper()}": value for name, value in settings.items()})


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"console_host": "localhost"},
        {"console_host": "::1"},
        {"secure_cookies": "1"},
        {"console_url": "http://127.0.0.1:8001"},
    ],
)
def test_on_ones_own_machine_nothing_must_be_set(settings: dict[str, str]) -> None:
    found = exposure(of(**settings))
    assert not found.public and not found.tls and found.hosts == ()


@pytest.mark.parametrize(
    "settings",
    [
        {"console_host": "0.0.0.0"},
        {"console_hosts": "console.example.org"},
        {"console_url": "http://console.example.org"},
    ],
)
def test_others_reach_it_by_tls_only(settings: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="TLS.*CUSTOMS_CONSOLE_URL=https"):
        exposure(of(**settings, console_secret=KEY))


@pytest.mark.parametrize(
    "settings",
    [
        {"console_url": URL},
        {"console_hosts": "console.example.org", "secure_cookies": "1"},
        {"console_host": "0.0.0.0", "console_url": URL},
    ],
)
def test_others_reach_it_with_a_key_of_its_own_only(settings: dict[str, str]) -> None:
    with pytest.raises(SettingError, match="CUSTOMS_CONSOLE_SECRET must be set.*Make one"):
        exposure(of(**settings))
    found = exposure(of(**settings, console_secret=KEY))
    assert found.public and found.tls
    assert found.hosts == (("console.example.org",))


@pytest.mark.parametrize("key", ["short", "ab" * 40])
def test_a_key_that_can_be_guessed_is_refused(key: str) -> None:
    with pytest.raises(SettingError, match="CUSTOMS_CONSOLE_SECRET has .* too few") as error:
        exposure(of(console_secret=key))
    assert key not in str(error.value)


@pytest.mark.parametrize("url", ["console.example.org", "https://", "ftp://console.example.org"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingError, match="CUSTOMS_CONSOLE_URL is"):
        exposure(of(console_url=url))


def run(tmp_path: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CUSTOMS_", "DJANGO_"))}
    environment |= {"CUSTOMS_VAR_DIR": str(tmp_path)} | {
        f"CUSTOMS_{name.upper()}": value for name, value in settings.items()
    }
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=180
    )


def test_djangos_own_check_for_production_finds_nothing(tmp_path: Path) -> None:
    arguments = ("knowledge_base.console.manage", "check", "--deploy", "--fail-level", "INFO")
    done = run(tmp_path, *arguments, console_url=URL, console_secret=KEY, console_host="0.0.0.0")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr
    assert run(tmp_path, *arguments).returncode == 1  # it does find what a laptop has not


def test_without_the_key_it_refuses_to_start_in_a_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "customs.cli", "console", console_url=URL)
    assert done.returncode == 1
    assert "CUSTOMS_CONSOLE_SECRET must be set" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "console" / "console.sqlite3").exists()
