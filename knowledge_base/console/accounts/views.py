"""Pages of signing in: a password of one's own, the second factor."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp import devices_for_user, login, match_token, user_has_device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access

from knowledge_base.console.accounts.forms import CodeForm
from knowledge_base.console.accounts.rights import staff_member
from knowledge_base.console.guidance.audit import record
from knowledge_base.console.guidance.models import Entry

EMERGENCY_CODES = 8


@require_http_methods(["GET"])
@require_admin_access
def find(request: HttpRequest) -> HttpResponse:
    """The list of answers with the words that were typed in the menu or on the home page."""
    return redirect(f"{reverse(Entry.snippet_viewset.get_url_name('list'))}?{urlencode({'q': request.GET.get('q', '')})}")


@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A password of one's own in the place of a one-time password."""
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if request.user.check_password(form.cleaned_data["new_password1"]):
            form.add_error("new_password1", _("Choose another password than the one-time password."))
        else:
            with transaction.atomic():
                form.save()
                member = staff_member(request.user)
                member.must_change_password = False
                member.save()
                record(request.user, "account.password", request.user)
            update_session_auth_hash(request, form.user)
            messages.success(request, _("Your password was changed."))
            return redirect("wagtailadmin_home")
    return render(request, "accounts/password.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the app, or one of the emergency codes."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        # match_token counts wrong codes and makes one wait longer after each.
        if device := match_token(request.user, form.cleaned_data["code"].replace(" ", "")):
            login(request, device)
            return redirect("wagtailadmin_home")
        form.add_error("code", _("This code is wrong or was used already. Wait for the next one."))
    return render(request, "accounts/second_factor.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def set_up_second_factor(request: HttpRequest) -> HttpResponse:
    """Show the picture that an app reads, and switch the factor on once a code of it was typed."""
    if user_has_device(request.user):
        return render(request, "accounts/second_factor_on.html", {"required": settings.SECOND_FACTOR_REQUIRED})
    device = TOTPDevice.objects.filter(user=request.user, confirmed=False).first()
    device = device or TOTPDevice.objects.create(user=request.user, name="app", confirmed=False)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"].replace(" ", "")):
            codes = _switch_on(request, device)
            return render(request, "accounts/emergency_codes.html", {"codes": codes})
        form.add_error("code", _("This code is wrong. Look whether the clock of your telephone is right."))
    picture = segno.make(device.config_url).svg_data_uri(scale=5)
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    return render(request, "accounts/set_up_second_factor.html", {"form": form, "picture": picture, "secret": secret})


@transaction.atomic
def _switch_on(request: HttpRequest, device: TOTPDevice) -> list[str]:
    device.confirmed = True
    device.save()
    StaticDevice.objects.filter(user=request.user).delete()
    emergency = StaticDevice.objects.create(user=request.user, name="emergency")
    codes = [StaticToken.random_token() for _number in range(EMERGENCY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=emergency, token=code) for code in codes])
    record(request.user, "account.second_factor_on", request.user)
    login(request, device)
    return codes


@login_required
@require_http_methods(["POST"])
def switch_off_second_factor(request: HttpRequest) -> HttpResponse:
    """Only for who gave the second factor in this session, and never where everybody must have one."""
    user: Any = request.user
    if settings.SECOND_FACTOR_REQUIRED or not user.is_verified():
        return redirect("accounts:set_up_second_factor")
    with transaction.atomic():
        for device in devices_for_user(user, confirmed=None):
            device.delete()
        record(user, "account.second_factor_off", user)
    messages.success(request, _("The second factor is switched off."))
    return redirect("wagtailadmin_home")
