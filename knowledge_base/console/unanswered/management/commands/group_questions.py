"""`manage.py group_questions`: put all waiting questions into groups, for a timer; pages do it too, a hundred at a time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from knowledge_base.console.unanswered.asked import asked_store, group_new

AT_ONCE = 1500


class Command(BaseCommand):
    help = "Put the waiting questions that are new into groups of one meaning."

    def handle(self, *args: Any, **options: Any) -> None:
        with asked_store() as store:
            while (before := _ungrouped(store)) and not (why := group_new(store, AT_ONCE)):
                self.stdout.write(f"{before - _ungrouped(store)} questions were put into groups.")
            if before:
                self.stderr.write(why)


def _ungrouped(store: Any) -> int:
    return store.db.execute("SELECT count(*) FROM turns WHERE waiting IS NOT NULL AND group_id IS NULL").fetchone()[0]
