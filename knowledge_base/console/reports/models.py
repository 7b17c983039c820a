"""The right to read reports; they keep nothing of their own."""

from __future__ import annotations

from django.db import models


class Report(models.Model):
    """No table: it carries the permission."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("read_reports", "Can read reports")]
