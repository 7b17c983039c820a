"""What was last taken over from a shipped pack, to tell later who changed what since."""

from __future__ import annotations

from django.db import models

from knowledge_base.console.guidance.models.administration import Administration


class ShippedItem(models.Model):
    """One item as the shipped pack had it when it was taken over, or when staff said that theirs stays: the mark of its content."""

    administration = models.ForeignKey(Administration, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    mark = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["administration", "kind", "key"], name="shipped_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
