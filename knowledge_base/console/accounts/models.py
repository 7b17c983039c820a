"""What the console knows of somebody on the staff beyond name and password."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffMember(models.Model):
    """Rights by administration and language, and whether the password must be changed. Empty lists mean all of them."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="staff_member")
    administrations = models.JSONField(_("administrations"), default=list, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    must_change_password = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("member of the staff")
        permissions = [
            ("publish_alone", "Can publish or take off without a second person, with a comment"),
            ("read_audit", "Can read the audit log"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.user.get_username()
