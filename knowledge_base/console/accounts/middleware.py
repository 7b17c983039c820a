"""What somebody who is signed in must do before anything else: choose a password, give the second factor. All in their own language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override
from django_otp import user_has_device
from wagtail.users.models import UserProfile

from knowledge_base.console.accounts.rights import staff_member


class Middleware:
    """Sends those to the page in question who have not done it; only that page, signing out and files are open to them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (page := self._first(request)) and request.path not in (page, reverse("wagtailadmin_logout")):
            if not request.path.startswith(
                (settings.STATIC_URL, reverse("wagtailadmin_javascript_catalog"), reverse("wagtailadmin_sprite"))
            ):
                return redirect(page)
        if not request.user.is_authenticated:
            return self.get_response(request)
        # Also on the pages that Wagtail does not put into the account's language: these here, and those that are not found.
        with override(_language(request.user)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", get_language() or "en")
            return response

    def _first(self, request: HttpRequest) -> str | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if staff_member(user).must_change_password:
            return reverse("accounts:password")
        if user.is_verified():
            return None
        if user_has_device(user):
            return reverse("accounts:second_factor")
        if settings.SECOND_FACTOR_REQUIRED:
            return reverse("accounts:set_up_second_factor")
        return None


def _language(user: Any) -> str:
    """The language of the account, and while none is chosen the browser's."""
    profile = getattr(user, "wagtail_userprofile", None) or UserProfile(user=user)
    return profile.get_preferred_language()
