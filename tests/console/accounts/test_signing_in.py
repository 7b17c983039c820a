"""Who comes in and how: one-time password, throttling, second factor, accounts on record."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.users.models import UserProfile

from customs.settings import ROOT
from knowledge_base.console.accounts.models import StaffMember
from knowledge_base.console.accounts.prepare import FIRST_USER, new_password, prepare
from knowledge_base.console.accounts.roles import PERMISSIONS, ensure_roles
from knowledge_base.console.guidance.models import Administration, AuditRow
from tests.console.forms import form_of

pytestmark = pytest.mark.django_db
Person = Callable[..., User]
Browse = Callable[[User], Client]
OWN = "bruised-otter-lamp"


def sign_in(client: Client, name: str, password: str) -> int:
    return client.post("/login/", {"username": name, "password": password, "next": "/"}).status_code


def test_prepare_makes_what_is_missing_and_once(tmp_path: Path) -> None:
    said: list[str] = []
    packs = ROOT / "tests" / "fixtures" / "packs"
    prepare(packs, ("qm",), said.append)
    password = said[-1].split()[-1]
    assert Administration.objects.filter(key="qm", live=True).exists()
    assert set(Group.objects.values_list("name", flat=True)) >= set(PERMISSIONS)
    assert not User.objects.get(username=FIRST_USER).is_superuser
    again: list[str] = []
    prepare(packs, ("qm",), again.append)
    assert again == []
    client = Client()
    assert sign_in(client, FIRST_USER, password) == 302
    assert client.get("/")["Location"] == "/accounts/password/"


def test_a_one_time_password_must_be_changed_before_anything_else(person: Person) -> None:
    person("ann", "author")
    password = new_password("ann")
    client = Client()
    sign_in(client, "ann", password)
    for path in ("/", "/snippets/guidance/entry/", "/guidance/figures.json"):
        assert client.get(path)["Location"] == "/accounts/password/"
    # The page's script puts what it gets there into the page: sent to the page instead, it would hold its form twice.
    assert b"<symbol" in client.get(reverse("wagtailadmin_sprite")).content
    same = client.post("/accounts/password/", {"new_password1": password, "new_password2": password})
    assert b"another password" in same.content
    short = client.post("/accounts/password/", {"new_password1": "short", "new_password2": "short"})
    assert short.status_code == 200
    assert (
        client.post("/accounts/password/", {"new_password1": OWN + "s", "new_password2": OWN + "s"}).status_code == 302
    )
    assert client.get("/").status_code == 200
    assert not User.objects.get(username="ann").check_password(password)


def days_later(days: float) -> time_machine.travel:
    return time_machine.travel(time.time() + days * 86_400)


def test_a_one_time_password_that_nobody_used_opens_nothing_until_there_is_a_new_one(person: Person) -> None:
    person("mia", "manager")
    ann = person("ann", "author")
    UserProfile.objects.create(user=ann, preferred_language="fr")
    password = new_password("ann")
    with days_later(settings.ONE_TIME_PASSWORD_DAYS - 0.1):
        assert sign_in(Client(), "ann", password) == 302
    with days_later(settings.ONE_TIME_PASSWORD_DAYS + 0.1):
        client = Client()
        page = client.post("/login/", {"username": "ann", "password": password}).content.decode()
        assert "more than 14 days ago" in page and "Ask a manager" in page
        assert client.get("/").status_code == 302, "nobody is signed in"
        wrong = client.post("/login/", {"username": "ann", "password": "wrong"}).content.decode()
        assert "days ago" not in wrong, "only who knows the password is told"
        assert sign_in(client, "ann", new_password("ann")) == 302
        client.post("/accounts/password/", {"new_password1": OWN + "s", "new_password2": OWN + "s"})
    with days_later(300):
        assert sign_in(Client(), "ann", OWN + "s") == 302, "a password of one's own stays"


def test_a_password_that_a_manager_typed_is_over_too(person: Person, browse: Browse) -> None:
    ann = person("ann", "author")
    client, page = browse(person("mia", "manager")), f"/users/edit/{ann.pk}/"
    typed = {"password1": OWN + "x", "password2": OWN + "x", "groups": [Group.objects.get(name="author").pk]}
    assert client.post(page, form_of(client, page) | typed).status_code == 302
    data = {"username": "new", "is_active": "on"} | typed
    assert client.post("/users/new/", data).status_code == 302
    for name in ("ann", "new"):
        assert sign_in(Client(), name, OWN + "x") == 302
        with days_later(settings.ONE_TIME_PASSWORD_DAYS + 1):
            assert sign_in(Client(), name, OWN + "x") == 200


def test_the_first_password_of_all_holds_until_somebody_has_signed_in(tmp_path: Path) -> None:
    said: list[str] = []
    prepare(ROOT / "tests" / "fixtures" / "packs", ("qm",), said.append)
    password = said[-1].split()[-1]
    with days_later(100):
        assert sign_in(Client(), FIRST_USER, password) == 302
    with days_later(200):
        assert sign_in(Client(), FIRST_USER, password) == 200, "it was never changed"


def test_one_time_passwords_of_before_count_from_the_update(person: Person) -> None:
    migration = import_module("knowledge_base.console.accounts.migrations.0002_one_time_since")
    StaffMember.objects.filter(user=person("ann", "author")).update(must_change_password=True)
    StaffMember.objects.filter(user=person("bob", "author")).update(must_change_password=False)
    migration.from_now_on(apps, None)
    known = dict(StaffMember.objects.values_list("user__username", "one_time_since"))
    assert known["bob"] is None and time.time() - known["ann"].timestamp() < 60


def test_an_address_that_tries_one_password_at_many_names_must_wait(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ADDRESS_FAILURE_LIMIT", 8)
    person("ann", "author")
    client = Client()
    for number in range(8):
        assert sign_in(client, f"name{number}", "Winter2026") == 200
    locked = client.post("/login/", {"username": "ann", "password": OWN})
    assert locked.status_code == 429 and "your network address" in locked.content.decode()
    assert AuditRow.objects.filter(action="account.locked_out", comment="ann").exists()
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), "ann", OWN) == 302, "who is elsewhere signs in"
    with time_machine.travel(time.time() + 600):
        assert sign_in(client, "ann", OWN) == 429
    with time_machine.travel(time.time() + 901):  # what was tried meanwhile does not lengthen the wait
        assert sign_in(client, "ann", OWN) == 302


def test_staff_who_share_an_address_do_not_lock_one_another_out(person: Person) -> None:
    person("ann", "author")
    client = Client()
    for number in range(settings.ADDRESS_FAILURE_LIMIT // 2):
        sign_in(client, f"colleague{number}", "a slip")
    assert sign_in(client, "ann", OWN) == 302


@pytest.mark.parametrize("path", ["/accounts/password/", "/accounts/second-factor/set-up/", "/no-such-page/"])
def test_pages_follow_the_accounts_language_and_before_signing_in_the_browsers(person: Person, path: str) -> None:
    ann = person("ann", "author")
    profile = UserProfile.objects.create(user=ann, preferred_language="ar")
    client = Client(headers={"accept-language": "fr"})
    assert client.get("/login/")["Content-Language"] == "fr"
    sign_in(client, "ann", OWN)
    page = client.get(path)
    assert page["Content-Language"] == "ar"
    assert BeautifulSoup(page.content, "html.parser").html["dir"] == "rtl"
    profile.preferred_language = ""
    profile.save()
    assert client.get(path)["Content-Language"] == "fr", "none is chosen"


def test_five_wrong_passwords_lock_out_and_go_on_record(person: Person) -> None:
    person("ann", "author")
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "ann", "wrong")
    assert sign_in(client, "ann", OWN) == 429
    assert AuditRow.objects.filter(action="account.locked_out", comment="ann").exists()
    # A colleague at another address is not locked out by it.
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(other, "ann", OWN) == 302


def test_second_factor(person: Person) -> None:
    ann = person("ann", "author")
    client = Client()
    sign_in(client, "ann", OWN)
    page = client.get("/accounts/second-factor/set-up/")
    assert b"data:image/svg+xml" in page.content
    device = TOTPDevice.objects.get(user=ann)
    assert b"This code is wrong" in client.post("/accounts/second-factor/set-up/", {"code": "000000"}).content
    device.refresh_from_db()
    device.throttle_reset()
    codes = client.post("/accounts/second-factor/set-up/", {"code": f"{totp(device.bin_key):06d}"})
    emergency = codes.context["codes"]
    assert len(emergency) == 8
    assert client.get("/").status_code == 200

    later = Client()
    sign_in(later, "ann", OWN)
    assert later.get("/snippets/guidance/entry/")["Location"] == "/accounts/second-factor/"
    assert later.post("/accounts/second-factor/", {"code": "123456"}).status_code == 200
    for devices in (TOTPDevice.objects, StaticDevice.objects):  # the wait after a wrong code
        devices.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert later.post("/accounts/second-factor/", {"code": emergency[0]}).status_code == 302
    assert later.get("/").status_code == 200
    again = Client()
    sign_in(again, "ann", OWN)
    assert again.post("/accounts/second-factor/", {"code": emergency[0]}).status_code == 200  # each works once
    assert again.get("/")["Location"] == "/accounts/second-factor/"


def test_a_required_second_factor_is_asked_of_everybody(
    person: Person, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SECOND_FACTOR_REQUIRED", True)
    assert browse(person("ann", "author")).get("/")["Location"] == "/accounts/second-factor/set-up/"


def test_cookies_and_session_end(person: Person) -> None:
    person("ann", "author")
    client = Client()
    sign_in(client, "ann", OWN)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert settings.SESSION_COOKIE_AGE == 3600
    with time_machine.travel(time.time() + 3700):
        assert client.get("/").status_code == 302


def test_a_post_without_the_token_is_refused(person: Person) -> None:
    ann = person("ann", "author")
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/guidance/answer-preview/", {"answer": "x"}).status_code == 403


def test_a_manager_makes_accounts_but_no_superuser(person: Person, browse: Browse) -> None:
    client = browse(person("mia", "manager"))
    group = Group.objects.get(name="author")
    data = {
        "username": "new", "password1": OWN + "x", "password2": OWN + "x", "groups": [group.pk], "is_superuser": "on",
        "administrations": ["qm"], "is_active": "on",
    }  # fmt: skip
    assert client.post("/users/new/", data).status_code == 302
    user = User.objects.get(username="new")
    assert not user.is_superuser
    assert user.staff_member.administrations == ["qm"] and user.staff_member.must_change_password
    row = AuditRow.objects.get(action="account.rights", key=user.pk)
    assert row.name == "mia" and row.details["roles"] == ["author"]


@pytest.mark.parametrize("role", ["author", "translator", "reviewer", "publisher", "analyst", "auditor"])
def test_only_managers_make_accounts(person: Person, browse: Browse, role: str) -> None:
    client = browse(person("ann", role))
    assert client.get("/users/new/").status_code == 302
    client.post("/users/new/", {"username": "new", "password1": OWN, "password2": OWN})
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize(("role", "status"), [("auditor", 200), ("publisher", 200), ("author", 302), ("analyst", 302)])
def test_who_reads_the_audit_log(person: Person, browse: Browse, role: str, status: int) -> None:
    client = browse(person("ann", role))
    response = client.get("/guidance/audit/")
    assert response.status_code == status
    if status == 200:
        assert b"signed in" in response.content
        assert b"account.sign_in" in b"".join(client.get("/guidance/audit/?export=csv").streaming_content)


def test_every_permission_of_a_role_is_there(meridia: Administration, caplog: pytest.LogCaptureFixture) -> None:
    ensure_roles()
    assert caplog.records == []


def test_a_manager_narrows_an_account_on_its_page_and_saving_it_again_keeps_that(
    person: Person, browse: Browse
) -> None:
    ann = person("ann", "author", administrations=["qm"], languages=["ar"])
    client, page = browse(person("mia", "manager")), f"/users/edit/{ann.pk}/"
    shown = BeautifulSoup(client.get(page).content, "html.parser")
    assert "writes and changes answers" in shown.text and "Moderators" not in shown.text
    # What a browser sends back for a list of boxes is every ticked one.
    lists = ("administrations", "languages", "groups")
    ticked = {name: [box["value"] for box in shown.select(f'input[name="{name}"][checked]')] for name in lists}
    assert ticked["administrations"] == ["qm"] and ticked["languages"] == ["ar"] and len(ticked["groups"]) == 1
    assert client.post(page, form_of(client, page) | ticked | {"first_name": "Ann"}).status_code == 302
    ann = User.objects.get(pk=ann.pk)
    assert ann.first_name == "Ann" and ann.staff_member.administrations == ["qm"]
    assert ann.staff_member.languages == ["ar"] and [group.name for group in ann.groups.all()] == ["author"]
    assert b'name="administrations"' in client.get("/users/new/").content
