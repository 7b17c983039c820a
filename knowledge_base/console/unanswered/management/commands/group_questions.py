"""`manage.py group_questions`: put all waiting questions into groups now, without waiting for the worker."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge_base.console.unanswered.asked import asked_store, group_new

AT_ONCE = 1500


class Command(BaseCommand):
    help = "Put the waiting questions that are new into groups of one meaning."

    def handle(self, *args: Any, **options: Any) -> None:
        with asked_store() as store:
            while before := store.waiting_without_group():
                if why := group_new(store, AT_ONCE):
                    raise CommandError(why)
                self.stdout.write(f"{before - store.waiting_without_group()} questions were put into groups.")
