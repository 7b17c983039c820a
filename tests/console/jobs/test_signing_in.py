"""Job 1: somebody new signs in with a one-time password, chooses one of their own, and it is the only one from then on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from knowledge_base.console.accounts.prepare import add_member
from knowledge_base.console.guidance.models import AuditRow
from tests.console.jobs.staff import IN_EACH, OWN

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900)]


@IN_EACH
def test_a_one_time_password_is_changed_at_once(sit_down, language) -> None:
    from django.contrib.auth.models import User

    password = add_member("nina", ("author",))
    UserProfile.objects.create(user=User.objects.get(username="nina"), preferred_language=language)
    nina = sit_down("nina", language=language, signs_in=False)
    nina.sign_in(password)
    expect(nina.page).to_have_url(f"{nina.address}/accounts/password/")
    nina.looks("new-password", judged=True)
    nina.page.goto("/snippets/guidance/entry/")
    expect(nina.page).to_have_url(f"{nina.address}/accounts/password/")
    for number in (1, 2):
        nina.page.locator(f"#id_new_password{number}").fill(OWN)
    nina.page.locator("#id_new_password2").press("Enter")
    nina.sees("Your password was changed.")
    expect(nina.page).to_have_url(f"{nina.address}/")
    again = sit_down("nina", language=language, signs_in=False)
    again.page.goto("/login/")
    again.page.locator("#id_username").fill("nina")
    again.page.locator("#id_password").fill(password)
    again.page.locator("#id_password").press("Enter")
    expect(again.page.locator(".messages .error, .help-critical, .error-message").first).to_be_visible()
    again.sign_in(OWN)
    assert AuditRow.objects.filter(action="account.password", name="nina").exists()
