"""What waits to be served, what became of it, and whether publishing is held."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Publication(models.Model):
    """One go at serving what is published: its step while it runs, then the release, or the reasons why not."""

    class State(models.TextChoices):
        BUILDING = "building", _("being built")
        SERVED = "served", _("served")
        FAILED = "failed", _("not served")

    class Step(models.TextChoices):
        WRITE = "write", _("writing the packs")
        CHECK = "check", _("checking the texts and figures")
        BUILD = "build", _("building the search beside the one that is served")
        EVALUATE = "evaluate", _("asking the labelled questions")
        SWITCH = "switch", _("switching over")

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.BUILDING)
    step = models.CharField(_("step"), max_length=12, choices=Step.choices, default=Step.WRITE)
    began_at = models.DateTimeField(_("began"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    release = models.CharField(_("release"), max_length=60, blank=True, db_index=True)
    by = models.CharField(_("by"), max_length=400, blank=True)
    reasons = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    seconds = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-pk"]
        default_permissions = ("view",)
        permissions = [
            ("roll_back", "Can go back to an earlier release"),
            ("switch", "Can switch answers and channels off and put up notices"),
        ]

    def __str__(self) -> str:
        return f"{self.began_at:%Y-%m-%d %H:%M} {self.get_state_display()} {self.release}"


class OutboxRow(models.Model):
    """Something that is served changed; written in the same transaction, so that no change is lost. `publication` has taken it along."""

    made_at = models.DateTimeField(_("when"), auto_now_add=True)
    kind = models.CharField(max_length=40)
    key = models.CharField(_("id"), max_length=200)
    administration = models.CharField(max_length=10, blank=True)
    label = models.CharField(_("object"), max_length=500, blank=True)
    removed = models.BooleanField(default=False)
    by = models.CharField(_("by"), max_length=200, blank=True)
    publication = models.ForeignKey(Publication, models.SET_NULL, null=True, related_name="rows")

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Hold(models.Model):
    """Publishing is held since somebody went back to an earlier release: else the next publication would bring back what was wrong."""

    since = models.DateTimeField(auto_now_add=True)
    by = models.CharField(max_length=200)
    comment = models.TextField()
    release = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} {self.release}"
