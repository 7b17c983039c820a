"""What all guidance has in common: drafts, revisions, a lock, the approval, and its place in a pack."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import DraftStateMixin, LockableMixin, RevisionMixin, WorkflowMixin


class Guidance(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, ClusterableModel):
    """A part of a pack that is drafted by one person, approved by another and then served.

    The row holds what is served when `live` is set, and the first draft otherwise; newer drafts are revisions.
    """

    # Who uses what is found in the words themselves (usage.py); Wagtail's index of references would be written at every save.
    wagtail_reference_index_ignore = True

    key = models.CharField(
        _("id"), max_length=200, db_index=True, help_text=_("Small letters, digits and underscores, parts joined by dots.")
    )
    position = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    _revisions = GenericRelation("wagtailcore.Revision", related_query_name="guidance_%(class)s")
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="guidance_%(class)s",
        for_concrete_model=False,
    )

    class Meta:
        abstract = True

    @property
    def revisions(self) -> GenericRelation:
        return self._revisions

    @property
    def administration_key(self) -> str:
        """The two letters of the administration that this belongs to."""
        return self.administration.key  # type: ignore[attr-defined]

    def hold(self) -> None:
        """Until the transaction ends, whoever else would draft, submit or decide on this waits. SQLite lets nobody else write anyway."""
        row = type(self)._default_manager.filter(pk=self.pk).order_by("pk")
        row.select_for_update(no_key=True).values_list("pk").first()

    def save_revision(self, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Keep a draft. Raises `PermissionDenied` while somebody judges it, and for writing over a draft that is there."""
        if kwargs.get("overwrite_revision") is not None:
            raise PermissionDenied(str(_("A draft is never written over: it says who wrote it.")))
        from knowledge_base.console.guidance.audit import record

        with transaction.atomic():
            self.hold()
            if self.pk and self.workflow_in_progress:
                raise PermissionDenied(str(_("This waits for approval and cannot be changed meanwhile.")))
            revision = super().save_revision(user, *args, **kwargs)
            record(user, "draft", self, revision=revision.pk)
        return revision

    def publish(self, revision: Any, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Make `revision` the one that is served, with all that follows from it, or nothing at all.

        Raises `PermissionDenied` when a person does it past the approval.
        """
        from knowledge_base.console.guidance.publication import refuse_unless_allowed

        refuse_unless_allowed(user)
        with transaction.atomic():
            return super().publish(revision, user, *args, **kwargs)

    def unpublish(self, set_expired: bool = False, commit: bool = True, user: Any = None, log_action: Any = True) -> Any:
        """Take it off; it stays as a draft. Raises `PermissionDenied` as `publish` does."""
        from knowledge_base.console.guidance.publication import refuse_unless_allowed

        refuse_unless_allowed(user)
        action = UnpublishAction(self, set_expired=set_expired, commit=commit, user=user, log_action=log_action)
        with transaction.atomic():
            return action.execute(skip_permission_checks=True)  # its own check knows pages only

    def latest(self) -> Guidance:
        """The newest draft, or what is served when there is none."""
        return self.get_latest_revision_as_object() if self.latest_revision_id else self
