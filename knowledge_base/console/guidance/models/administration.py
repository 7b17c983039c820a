"""The administration at the head of a pack, with its contacts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from knowledge_base.console.guidance.models.base import Guidance
from knowledge_base.console.guidance.words import Lines, Words

AUDIENCES = [("traveller", _("travellers")), ("trader", _("traders")), ("both", _("both"))]


class Administration(Guidance):
    """A customs administration: where its rules apply, what people call it, whom to ask."""

    name = Words(_("name"), default=dict, help_text=_("One language a line, such as “en: Great Britain”."))
    authority = Words(_("authority"), default=dict, help_text=_("Who answers for the rules, one language a line."))
    currency = models.CharField(_("currency"), max_length=3, help_text=_("Three letters, such as GBP."))
    languages = Lines(_("own languages"), default=list, help_text=_("Codes, one a line; answers are written in the first."))
    time_zone = models.CharField(_("time zone"), max_length=64, help_text=_("Such as Europe/London."))
    covers = Lines(_("countries covered"), default=list, help_text=_("Codes of two letters, one a line."))
    not_covered = Lines(_("places inside with other rules"), default=list, blank=True)
    called = Lines(_("what people call it"), default=list, blank=True)
    emergency_phone = models.CharField(_("emergency number"), max_length=40, blank=True)
    emergency_sources = Lines(_("sources of the emergency number"), default=list, blank=True)

    class Meta:
        verbose_name = _("administration")
        verbose_name_plural = _("administrations")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["key"], name="administration_key")]

    def __str__(self) -> str:
        return (self.name or {}).get("en") or self.key

    @property
    def administration(self) -> Administration:
        return self

    @property
    def administration_key(self) -> str:
        return self.key


class Contact(Orderable):
    """An office or helpline."""

    administration = ParentalKey(Administration, on_delete=models.CASCADE, related_name="contacts")
    key = models.CharField(_("id"), max_length=200)
    name = models.CharField(_("name"), max_length=500)
    helps_with = Words(_("helps with"), default=dict, help_text=_("One language a line."))
    audience = models.CharField(_("for"), max_length=10, choices=AUDIENCES, default="both")
    phone = models.CharField(_("telephone"), max_length=100, blank=True)
    email = models.CharField(_("e-mail"), max_length=200, blank=True)
    url = models.CharField(_("address of the page"), max_length=2000, blank=True)
    hours = Words(_("hours"), default=dict, blank=True, help_text=_("One language a line."))
    sources = Lines(_("sources"), default=list, help_text=_("Ids of sources, one a line."))
