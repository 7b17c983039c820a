"""One question that people ask, with its answer."""

from __future__ import annotations

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from knowledge_base.console.guidance.models.administration import AUDIENCES, Administration
from knowledge_base.console.guidance.models.base import Guidance
from knowledge_base.console.guidance.models.source import Source
from knowledge_base.console.guidance.topic_names import topic_name
from knowledge_base.console.guidance.words import Lines


class Entry(Guidance):
    """One question that people ask, with its wordings, its answer, its sources and its translations."""

    administration = models.ForeignKey(Administration, models.PROTECT, related_name="entries", verbose_name=_("administration"))
    topic = models.CharField(_("topic"), max_length=60, db_index=True)
    title = models.CharField(_("title"), max_length=500, help_text=_("The question as people ask it."))
    audience = models.CharField(_("for"), max_length=10, choices=AUDIENCES, default="traveller")
    answer = models.TextField(_("answer"), help_text=_("The first sentence decides. Then at most 120 words in all."))
    effective_from = models.DateField(_("holds from"), null=True, blank=True)
    effective_until = models.DateField(_("holds until"), null=True, blank=True)
    only_from = Lines(
        _("only for those who come from"), default=list, blank=True, help_text=_("Codes of countries or EU, EEA, GCC, one a line.")
    )
    not_from = Lines(_("not for those who come from"), default=list, blank=True)
    review_by = models.DateField(_("review by"), null=True)
    most_asked = models.BooleanField(_("among the most asked"), default=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["administration__key", "topic", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["key"], name="entry_key")]

    def __str__(self) -> str:
        return self.title or self.key

    @property
    def topic_name(self) -> str:
        """The topic as people call it."""
        return topic_name(self.topic)

    @property
    def fingerprint(self) -> str:
        """Eight hex digits that change when title or answer change: what a translation was made from."""
        return hashlib.sha256(f"{self.title.strip()}\n{self.answer.strip()}".encode()).hexdigest()[:8]

    def stale_translations(self) -> list[str]:
        """The languages whose translation was made from an earlier original."""
        return [translation.language for translation in self.translations.all() if translation.of != self.fingerprint]


class Question(Orderable):
    """One way in which people ask it. The search compares with these."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="questions")
    language = models.CharField(_("language"), max_length=12)
    text = models.CharField(_("question"), max_length=1000)


class EntrySource(Orderable):
    """A page on which the answer rests."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="entry_sources")
    source = models.ForeignKey(Source, models.PROTECT, related_name="entry_sources", verbose_name=_("source"))


class RelatedEntry(Orderable):
    """Another answer that is offered under this one."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="related_entries")
    other = models.ForeignKey(Entry, models.PROTECT, related_name="+", verbose_name=_("answer"))


class Translation(Orderable):
    """Title and answer in another language; `of` is the fingerprint of the original that it was made from."""

    entry = ParentalKey(Entry, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=500)
    answer = models.TextField(_("answer"))
    of = models.CharField(max_length=8, blank=True, editable=False)
