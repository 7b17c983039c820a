"""A page that was opened and read."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.guidance.models.administration import Administration
from knowledge_base.console.guidance.models.base import Guidance


class Source(Guidance):
    """A page that somebody opened and read on the day `checked`."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="sources", verbose_name=_("administration"))
    title = models.CharField(_("title"), max_length=1000)
    publisher = models.CharField(_("publisher"), max_length=500)
    url = models.CharField(_("address of the page"), max_length=2000)
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=[("official", _("official")), ("secondary", _("secondary"))],
        help_text=_("Official: the authority’s own page, law or published code. Secondary: somebody who retells it."),
    )
    as_of = models.CharField(
        _("as of"), max_length=100, help_text=_("What the page says of its own date or edition; “undated” if it says nothing.")
    )
    checked = models.DateField(_("read on"), null=True, help_text=_("The day on which somebody opened and read it."))
    note = models.TextField(_("note for staff"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["administration__key", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["administration", "key"], name="source_key")]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})"
