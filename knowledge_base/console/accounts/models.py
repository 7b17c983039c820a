"""What the console knows of somebody on the staff beyond name and password."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class StaffMember(models.Model):
    """Rights by administration and language, and whether the password must be changed. Empty lists mean all of them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_member")
    administrations = models.JSONField(_("administrations"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    must_change_password = models.BooleanField(default=False)
    one_time_since = models.DateTimeField(null=True, editable=False)  # when the password that must be changed was given

    class Meta:
        verbose_name = _("member of the staff")
        permissions = [
            ("publish_alone", "Can publish or take off without a second person, with a comment"),
            ("read_audit", "Can read the audit log"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.user.get_username()

    def must_choose_a_password(self) -> None:
        """The password is one that somebody gave them just now: it opens nothing but the page where they choose their own, and not for ever."""
        self.must_change_password, self.one_time_since = True, timezone.now()
        self.save()

    @property
    def one_time_is_over(self) -> bool:
        """Was the one-time password given so long ago that it opens nothing any more?"""
        since = self.one_time_since if self.must_change_password else None
        return since is not None and timezone.now() - since > timedelta(days=settings.ONE_TIME_PASSWORD_DAYS)
