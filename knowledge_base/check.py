"""`customs check`: what is wrong in a pack, fault by fault, with the way to mend it. One subject a file in `checks/`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from knowledge_base.checks.addresses import addresses
from knowledge_base.checks.answers import length, numbers, reading_level
from knowledge_base.checks.checked import Check, Checked
from knowledge_base.checks.coverage import coverage
from knowledge_base.checks.dates import dates
from knowledge_base.checks.figures import figures, one_thing_two_numbers
from knowledge_base.checks.questions import enough_questions, written_twice
from knowledge_base.checks.references import references, unused_sources
from knowledge_base.checks.rules import rules
from knowledge_base.checks.translations import stamp_translations, translations
from knowledge_base.packs import Fault, PackFaults, read_pack

__all__ = ["check_pack", "checked_pack", "faults_of", "in_order", "stamp_translations"]

_CHECKS: tuple[Check, ...] = (
    references, unused_sources, addresses, figures, one_thing_two_numbers, numbers, length, reading_level, enough_questions,
    written_twice, translations, dates, coverage, rules,
)  # fmt: skip


def checked_pack(folder: Path, today: date) -> Checked:
    """The pack in `folder`, ready for checks. Raises `PackFaults` with all faults of form."""
    return Checked(read_pack(folder), folder, today)


def check_pack(folder: Path, today: date) -> list[Fault]:
    """Every fault of the pack in `folder`, errors first. Never raises for a faulty pack; needs no encoder."""
    try:
        return faults_of(checked_pack(folder, today))
    except PackFaults as error:
        return error.faults


def faults_of(checked: Checked) -> list[Fault]:
    """Every fault of a pack that has none of form, errors first."""
    return in_order(fault for check in _CHECKS for fault in check(checked))


def in_order(faults: Iterable[Fault]) -> list[Fault]:
    """Errors first, then by file and item."""
    return sorted(faults, key=lambda fault: (fault.level != "error", fault.file, fault.item))
