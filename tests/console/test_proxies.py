"""Whose request it is behind proxies, and probes that are answered before anything else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import override_settings

from knowledge_base.console import proxies
from knowledge_base.console.guidance.models import AuditRow
from knowledge_base.console.proxies import client_address, trusted_proxies

HERE = trusted_proxies("127.0.0.1,::1")
NET = trusted_proxies("127.0.0.1, 10.0.0.0/8")


@pytest.mark.parametrize(
    ("peer", "told", "trusted", "address"),
    [
        ("127.0.0.1", [], HERE, "127.0.0.1"),
        ("127.0.0.1", ["192.0.2.7"], HERE, "192.0.2.7"),
        ("127.0.0.1", ["198.51.100.1", "192.0.2.7"], HERE, "192.0.2.7"),  # the first was written by whoever asks
        ("203.0.113.9", ["192.0.2.7"], HERE, "203.0.113.9"),  # nobody's proxy
        ("127.0.0.1", ["192.0.2.7", "10.1.2.3"], NET, "192.0.2.7"),
        ("10.9.9.9", ["10.1.2.3"], NET, "10.1.2.3"),
        ("127.0.0.1", ["rubbish"], HERE, "127.0.0.1"),
        ("203.0.113.9", ["198.51.100.1", "192.0.2.7"], trusted_proxies("*"), "192.0.2.7"),
        ("127.0.0.1", ["2001:db8::7"], HERE, "2001:db8::7"),
        ("", ["192.0.2.7"], HERE, ""),
    ],
)
def test_the_last_address_that_no_proxy_of_ours_has(peer: str, told: list[str], trusted: object, address: str) -> None:
    assert client_address(peer, told, trusted) == address


@pytest.mark.django_db
def test_wrong_passwords_behind_a_proxy_lock_out_the_guesser_alone() -> None:
    from django.contrib.auth.models import User

    User.objects.create_user("ann", password="bruised-otter-lamp")
    guesser, ann = Client(headers={"X-Forwarded-For": "203.0.113.9"}), Client(headers={"X-Forwarded-For": "192.0.2.7"})
    for _ in range(settings.AXES_FAILURE_LIMIT):
        guesser.post("/login/", {"username": "ann", "password": "wrong"})
    right = {"username": "ann", "password": "bruised-otter-lamp"}
    assert guesser.post("/login/", right).status_code == 429
    assert AuditRow.objects.filter(action="account.locked_out").exists()
    assert ann.post("/login/", right).status_code == 302


@pytest.mark.django_db
def test_probes_name_any_host_and_need_no_tls() -> None:
    probe = Client(headers={"Host": "10.1.2.3:8001"})
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert [probe.get(path).status_code for path in ("/healthz", "/readyz", "/login/")] == [200, 200, 400]
        assert Client().get("/login/").status_code == 301


@pytest.mark.django_db
def test_it_is_not_ready_while_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proxies, "_tables_seen", True)

    def away() -> None:
        raise OperationalError("connection to server at 10.0.0.1 failed: password geheim")

    monkeypatch.setattr(connection, "cursor", away)
    response = Client().get("/readyz")
    assert response.status_code == 503 and b"database" in response.content
    assert b"geheim" not in response.content and b"10.0.0.1" not in response.content
    assert Client().get("/healthz").status_code == 200


@pytest.mark.django_db
def test_it_is_not_ready_before_its_tables_are(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(proxies, "_tables_seen", False)
    MigrationRecorder.Migration.objects.filter(app="accounts").delete()
    response = Client().get("/readyz")
    assert response.status_code == 503 and b"--prepare" in response.content
