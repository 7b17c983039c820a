"""Who did what and when."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.guidance.acts import act_words


class AuditRow(models.Model):
    """One act of somebody on the staff, or of the console itself. It is written once and never changed."""

    when = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
    name = models.CharField(_("name"), max_length=200, blank=True)  # stays when the account goes
    action = models.CharField(_("what"), max_length=80, db_index=True)
    kind = models.CharField(_("kind"), max_length=80, blank=True)
    key = models.CharField(_("id"), max_length=200, blank=True, db_index=True)
    label = models.CharField(_("object"), max_length=500, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("audit row")
        verbose_name_plural = _("audit rows")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.when:%Y-%m-%d %H:%M} {self.name}: {self.action} {self.key}"

    @property
    def act(self) -> str:
        """What was done, in words."""
        return act_words(self.action)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an audit row is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("an audit row is never deleted")
