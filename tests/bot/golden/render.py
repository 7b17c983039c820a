"""Write the golden renderings and docs/parity.md anew: `python -m tests.bot.golden.render`. Then read what changed.

A golden file holds one reply as an asker reads it in each way; characters that nobody sees are shown by signs (marks.py).
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from customs.settings import ROOT
from tests.bot.golden.parity import report
from tests.bot.golden.rendering import Rendering
from tests.bot.golden.replies import HERE, Golden, read_all
from tests.bot.golden.ways import SCRIPT, SERVER, render_all

PARITY = ROOT / "docs" / "parity.md"
SAME = "as without it"


def golden_path(name: str) -> Path:
    """Where the renderings of the reply `<language>/<id>` are kept."""
    return HERE / "renderings" / f"{name}.txt"


def golden_text(golden: Golden, ways: dict[str, Rendering]) -> str:
    """All renderings of one reply, one below the other; what the script shows only where it is not what the server shows."""
    reply = golden.reply
    parts = [*(f"> {said or '(nothing)'}" for said in golden.asked), ""]
    told = [reply.outcome, reply.reason, reply.language, reply.administration, reply.entry]
    parts += [f"{' '.join(one for one in told if one)}; asked on {golden.day} of release {golden.release}", ""]
    for way, made in ways.items():
        same = way == SCRIPT and made.text == ways[SERVER].text
        parts += [f"======== {way}", SAME if same else made.text, ""]
    return "\n".join(parts)


def write_goldens(goldens: Sequence[Golden], rendered: dict[str, dict[str, Rendering]]) -> list[str]:
    """Write every golden file and the report, take away those of replies that are no more; returns the names that changed."""
    changed = []
    for golden in goldens:
        path, text = golden_path(golden.name), golden_text(golden, rendered[golden.name])
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            changed.append(golden.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    wanted = {golden_path(golden.name) for golden in goldens}
    for path in set((HERE / "renderings").glob("*/*.txt")) - wanted:
        path.unlink()
    PARITY.write_text(report(goldens, rendered), encoding="utf-8")
    return changed


def main() -> int:
    """Render and write; the exit code is 0 whatever changed."""
    goldens = read_all()
    with tempfile.TemporaryDirectory() as folder:
        changed = write_goldens(goldens, render_all(goldens, Path(folder)))
    print(f"{len(goldens)} replies, {len(changed)} rendered otherwise than before: {', '.join(changed) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
