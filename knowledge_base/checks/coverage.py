"""Coverage: what coverage.yml says must exist."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.checks.checked import Checked
from knowledge_base.coverage import coverage_path, known_questions, read_coverage, topics
from knowledge_base.packs import Fault, PackFaults
from knowledge_base.said import Said


def coverage(checked: Checked) -> Iterator[Fault]:
    """Questions and entries in coverage.yml that do not exist, and entries that it does not name."""
    if not coverage_path(checked.folder).exists():
        return
    try:
        said = read_coverage(checked.folder)
    except PackFaults as error:
        yield from error.faults
        return
    entries, known = set(checked.pack.entries), known_questions()
    for question, answering in said.covered.items():
        if question not in known:
            remedy = Said("There is no such question in knowledge_base/topics.yml; add it there or correct the id.")
            yield checked.in_coverage(question, "covered", question, remedy)
        for entry in answering:
            if entry not in entries:
                yield checked.in_coverage(question, "covered", entry, Said("There is no such entry; correct the id."))
    for gap in said.not_covered:
        if gap.topic not in known | {topic.id for topic in topics()}:
            remedy = Said("Neither a topic nor a question of knowledge_base/topics.yml; correct the id.")
            yield checked.in_coverage(gap.question, "topic", gap.topic, remedy)
    for entry in sorted(entries - {entry for answering in said.covered.values() for entry in answering}):
        remedy = Said("Write the entry under the questions that it answers.")
        yield checked.in_coverage(entry, "covered", Said("missing"), remedy, "warning")
