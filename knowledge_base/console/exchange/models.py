"""What the exchange keeps: changes of figures with what they moved, tables between dry run and apply, documents with their passages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge_base.console.guidance.models import Administration, Entry, Figure, Source

_PATIENCE = timedelta(seconds=15)


class FigureChange(models.Model):
    """A change of a figure as it was submitted: what was typed, why, and all that it moves. The draft itself is `revision`."""

    figure = models.ForeignKey(Figure, models.CASCADE, related_name="changes", verbose_name=_("figure"))
    revision = models.OneToOneField("wagtailcore.Revision", models.SET_NULL, null=True, related_name="figure_change")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    when = models.DateTimeField(_("when"), auto_now_add=True)
    said = models.CharField(_("value as it was typed"), max_length=300)
    day = models.DateField(_("first day"))
    note = models.TextField(_("reason"))
    impact = models.JSONField(_("what it moves"), default=dict)

    class Meta:
        verbose_name = _("change of a figure")
        verbose_name_plural = _("changes of figures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.figure.key}: {self.said}"


class Upload(models.Model):
    """What tables and documents have in common: who brought them when, for which administration."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="+", verbose_name=_("administration")
    )
    name = models.CharField(_("file"), max_length=255)
    sha256 = models.CharField(max_length=64, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    when = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Errand(models.Model):
    """Work that takes longer than a page may: the console's worker does it beside its publishing (errands.py), one after the other.

    LOOK and TAKE wait for the worker, and `begun` says that it is at it. What it found is `seen`, what is to be taken over of it `wish`.
    """

    class Step(models.TextChoices):
        LOOK = "look", _("the changes are looked for")
        SHOWN = "shown", _("the changes are shown")
        TAKE = "take", _("the drafts are laid down")
        DONE = "done", _("the drafts were laid down")
        GIVEN_UP = "given_up", _("given up")
        REFUSED = "refused", _("cannot be used")

    step = models.CharField(_("step"), max_length=10, choices=Step.choices, default=Step.LOOK, db_index=True)
    step_at = models.DateTimeField(default=timezone.now)
    begun = models.BooleanField(default=False)
    tongue = models.CharField(max_length=12, default="en")
    seen = models.JSONField(default=dict)
    wish = models.JSONField(default=dict)
    problem = models.TextField(blank=True)

    class Meta:
        abstract = True

    def move(self, step: str, **values: Any) -> None:
        """Go on to `step` with these values."""
        for name, value in values.items():
            setattr(self, name, value)
        self.step, self.step_at, self.begun = step, timezone.now(), False
        self.save()

    @property
    def waits(self) -> bool:
        """Is it the worker's turn?"""
        return self.step in (self.Step.LOOK, self.Step.TAKE)

    @property
    def mark(self) -> str:
        """Changes with every step, for pages that look again by themselves."""
        return f"{self.step} {self.begun} {self.step_at.timestamp()}"

    @property
    def nobody_begins(self) -> bool:
        """Has it waited so long that no worker seems to run?"""
        return self.waits and not self.begun and timezone.now() - self.step_at > _PATIENCE


class TableUpload(Errand, Upload):
    """A table between its dry run and its applying; the file goes once it was applied or given up."""

    data = models.BinaryField(null=True)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    language = models.CharField(_("numbers are written as in"), max_length=12, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ["-pk"]
        permissions = [("bring_tables", "Can bring in tables")]


class ShippedLook(Errand):
    """The guidance that came with this version beside the console's, for one administration; then the taking over of what was chosen."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, related_name="+", verbose_name=_("administration")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    when = models.DateTimeField(_("when"), auto_now_add=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("comparison with the shipped guidance")
        verbose_name_plural = _("comparisons with the shipped guidance")
        ordering = ["-pk"]
        permissions = [("bring_shipped", "Can take over shipped guidance")]

    def __str__(self) -> str:
        return f"{self.administration} {self.when:%Y-%m-%d %H:%M}"


class DocumentUpload(Upload):
    """A document whose passages may become drafts; the file itself is not kept."""

    source = models.ForeignKey(
        Source, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("source")
    )
    kind = models.CharField(max_length=10)
    title = models.CharField(_("title"), max_length=500, blank=True)
    notes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-pk"]
        permissions = [("bring_documents", "Can bring in documents")]


class DocumentPassage(models.Model):
    """A passage of a document as it stands there, and the entry that was drafted from it."""

    document = models.ForeignKey(DocumentUpload, models.CASCADE, related_name="passages")
    number = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    page = models.PositiveIntegerField(_("page"), null=True)
    paragraphs = models.JSONField(default=list)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="passages")

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["document", "number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="passage_number")]
