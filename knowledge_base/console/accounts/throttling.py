"""How often somebody may be wrong: five times under one name from one address (Axes), and so often from one address under whatever names."""

from __future__ import annotations

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.db.models import Sum
from django.http import HttpRequest


class Throttling(AxesDatabaseHandler):
    """Axes with a second bound, so that nobody tries one password at the names of all staff, one name after the other."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        request.address_is_locked = _failures_of_address(request) >= settings.ADDRESS_FAILURE_LIMIT  # type: ignore[attr-defined]
        return request.address_is_locked or super().is_locked(request, credentials)  # type: ignore[attr-defined]

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
        if not getattr(request, "address_is_locked", False):
            super().user_login_failed(sender, credentials, request, **more)
            return
        # Not counted: many staff may share the address, and their wait ends a quarter of an hour after the last that was.
        request.axes_locked_out, request.axes_credentials = True, credentials
        name, address = credentials.get("username"), request.axes_ip_address
        user_locked_out.send("axes", request=request, username=name, ip_address=address)


def _failures_of_address(request: Any) -> int:
    lately = AccessAttempt.objects.filter(
        ip_address=request.axes_ip_address, attempt_time__gte=get_cool_off_threshold(request)
    )
    return lately.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
