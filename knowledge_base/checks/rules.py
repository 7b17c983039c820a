"""The files that sums read: figures, sources and entries that do not exist, figures that no sum may use yet, and what each file itself knows."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge_base.checks.checked import Checked
from knowledge_base.packs import Fault
from knowledge_base.said import Said


def rules(checked: Checked) -> Iterator[Fault]:
    """Faults of the rule files of the pack."""
    pack = checked.pack
    for name, file in pack.rules.items():
        for figure in sorted(file.figures()):
            if figure not in pack.figures:
                yield checked.in_rules(
                    name, figure, "", figure, Said("Add this figure to figures.yml or correct the id.")
                )
            elif pack.figures[figure].status == "unverified":
                remedy = Said("Verify the figure; until then every sum that needs it says that it is not known.")
                yield checked.in_rules(name, figure, "status", Said("unverified"), remedy, "warning")
        for source in sorted(file.sources() - pack.sources.keys()):
            yield checked.in_rules(
                name, source, "", source, Said("Add this source to sources.yml or correct the name.")
            )
        for entry in sorted(file.entries() - pack.entries.keys()):
            yield checked.in_rules(name, entry, "", entry, Said("Add this entry or correct the id."))
        for item, value, remedy in file.problems():
            yield checked.in_rules(name, item, "", value, remedy)
