"""The bare project: it starts, asks to sign in, and names no other host."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db


def test_health_without_signing_in() -> None:
    assert Client().get("/healthz").content == b"ok"


def test_everything_else_asks_to_sign_in() -> None:
    response = Client().get("/")
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_sign_in_page_names_no_other_host_and_has_a_policy() -> None:
    response = Client().get("/login/")
    assert response.status_code == 200
    assert "script-src 'self' 'nonce-" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert not re.findall(
        r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//""", response.content.decode()
    )


def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run")
