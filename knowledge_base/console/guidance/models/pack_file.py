"""A file of a pack that is kept as it is: the data of the sums, the coverage."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.guidance.models.administration import Administration
from knowledge_base.console.guidance.models.base import Guidance


class PackFile(Guidance):
    """A file of a pack by its name (`key`, such as allowances.yml), byte for byte."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="files", verbose_name=_("administration"))
    text = models.TextField(_("content"))

    class Meta:
        verbose_name = _("file of rules")
        verbose_name_plural = _("files of rules")
        ordering = ["administration__key", "key"]
        constraints = [models.UniqueConstraint(fields=["administration", "key"], name="pack_file_key")]

    def __str__(self) -> str:
        return f"{self.administration_id and self.administration.key}/{self.key}"
