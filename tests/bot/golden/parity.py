"""The parity report, docs/parity.md: how many figures, sources and buttons of each golden reply each way shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.bot.golden.rendering import Rendering, differences, facts_of, facts_of_blocks
from tests.bot.golden.replies import Golden
from tests.bot.golden.ways import WAYS

_HEAD = """# One answer everywhere

Written by `python -m tests.bot.golden.render`; do not edit. A test fails when it is not what the renderers make.

{count} replies of the real service in {languages} languages, recorded on {days} from release {releases}, are rendered by the real parts in {ways} ways: {names}.
A *figure* is a number with its unit (`£10,000`, `4 litres`, `20 %`) or a day; each must be shown as often as the blocks hold it, and whatever one way shows,
all show. *Sources* are addresses. *Buttons* are their titles. `9·2·3` means 9 figures, 2 sources, 3 buttons; ✗ marks a cell that lacks something, which is named below.

What is compared and kept as golden files: `tests/bot/golden/`. `python -m tests.bot.golden.record` asks the questions anew and keeps the replies.

"""


def report(goldens: Sequence[Golden], rendered: dict[str, dict[str, Rendering]]) -> str:
    """The page, in Markdown."""
    lines = ["| reply | outcome | blocks | " + " | ".join(WAYS) + " |", "|---" * (3 + len(WAYS)) + "|"]
    lacking: list[str] = []
    for golden in goldens:
        reply, ways = golden.reply, rendered[golden.name]
        faults = list(differences(reply, ways))
        lacking += [f"- {golden.name}: {fault}" for fault in faults]
        wanted = facts_of_blocks(reply)
        cells = [f"{wanted.figures.total()}·{len(wanted.urls)}·{len(wanted.titles)}"]
        for way in WAYS:
            shown = facts_of(ways[way], reply)
            counts = (
                (shown.figures & wanted.figures).total(),
                len(shown.urls & wanted.urls),
                len(shown.titles & wanted.titles),
            )
            bad = any(fault.startswith(f"{way}: ") for fault in faults)
            cells.append("·".join(map(str, counts)) + (" ✗" if bad else ""))
        outcome = reply.outcome + (f"/{reply.reason}" if reply.reason else "")
        lines.append(f"| {golden.name} | {outcome} | " + " | ".join(cells) + " |")
    outcomes = Counter(golden.reply.outcome for golden in goldens)
    blocks = Counter(block["type"] for golden in goldens for block in golden.reply.blocks)
    head = _HEAD.format(
        count=len(goldens),
        languages=len({golden.language for golden in goldens}),
        days=", ".join(sorted({golden.day for golden in goldens})),
        releases=", ".join(sorted({golden.release for golden in goldens})),
        ways=len(WAYS),
        names=", ".join(WAYS),
    )
    summary = f"Outcomes: {_counts(outcomes)}. Blocks: {_counts(blocks)}.\n\n"
    missing = "\n".join(lacking) if lacking else "Nothing: every way shows every figure, source and button."
    return head + summary + "\n".join(lines) + f"\n\n## What is missing\n\n{missing}\n"


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counted.most_common())
