"""What staff did about the groups of questions. The questions themselves lie in the store of turns and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

OPEN, DRAFTED, ANSWERED, DISMISSED = "open", "drafted", "answered", "dismissed"


class QuestionGroup(models.Model):
    """The state of one group of questions (`key` is its id in the store). A group without a row is open and nobody's.

    No question is copied here: when people delete theirs, or the time is up, nothing of it is left.
    """

    class State(models.TextChoices):
        OPEN = OPEN, _("waits")
        DRAFTED = DRAFTED, _("answer being approved")
        ANSWERED = ANSWERED, _("answered")
        DISMISSED = DISMISSED, _("dismissed")

    class Reason(models.TextChoices):
        NOT_CUSTOMS = "not_customs", _("has nothing to do with customs")
        ANSWERED_ALREADY = "answered_already", _("is answered already")
        PERSONAL = "personal", _("is about one person's case")
        NOT_OURS = "not_ours", _("belongs to another authority")
        UNREADABLE = "unreadable", _("cannot be understood")
        OTHER = "other", _("other, see the comment")

    key = models.CharField(_("id"), max_length=40, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    entry_key = models.CharField(_("answer"), max_length=200, blank=True, db_index=True)
    # When the first question of it came, as far as it was known when the group was settled: for the turnaround.
    asked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(_("settled"), null=True, db_index=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    people = models.PositiveIntegerField(_("people"), default=0)

    class Meta:
        verbose_name = _("group of questions")
        verbose_name_plural = _("groups of questions")
        default_permissions = ()
        permissions = [
            ("read_questions", "Can read what people asked"),
            ("handle_questions", "Can answer, merge, dismiss and assign questions"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_settled(self) -> bool:
        return self.state in (ANSWERED, DISMISSED)
