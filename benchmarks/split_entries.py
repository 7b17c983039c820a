"""More entries of the real ones: each becomes several, among which its ways of asking are dealt out.

A pack of two thousand entries has about as many ways of asking for each as staff can write, which is what this makes of the shipped ones.
"""

from __future__ import annotations

import re
from pathlib import Path

_ENTRY = re.compile(r"(?m)^(?=  - id: )")
_LANGUAGE = re.compile(r"(?m)^      (\w\w):\n((?:        - .*\n)+)")

_TITLE = re.compile(r"""(?m)^( +title: )(['"]?)(.*?)(['"]?)$""")
_QUESTION = re.compile(r"""(?m)^( +- ['"]?)(.*?)(['"]?)$""")
_LEAST = 3  # ways of asking in a language, by the rules of the check


def split_entries(content: Path, times: int) -> int:
    """Rewrite the entries of every pack in `content`, each as `times` entries; returns how many there are then."""
    count = 0
    for file in sorted(content.glob("*/faq/*.yml")):
        head, *entries = _ENTRY.split(file.read_text(encoding="utf-8"))
        made = [_part(entry, number, times) for entry in entries for number in range(times)]
        file.write_text(head + "".join(made), encoding="utf-8")
        count += len(made)
    return count


def _part(entry: str, number: int, times: int) -> str:
    """The entry with every `times`-th of its ways of asking in each language; all but the first have another id and title."""

    def dealt(found: re.Match[str]) -> str:
        lines = found[2].splitlines(keepends=True)
        if len(lines) >= _LEAST * times:
            lines = lines[number::times]
        elif number:  # too few to share
            lines = [_QUESTION.sub(rf"\1\2 ({number + 1})\3", line) for line in lines]
        return f"      {found[1]}:\n{''.join(lines)}"

    entry = entry if entry.endswith("\n") else entry + "\n"
    part = _LANGUAGE.sub(dealt, entry)
    if number == 0:
        return part
    part = re.sub(r"(?m)^(  - id: \S+)$", rf"\1_part_{number + 1}", part, count=1)
    # Titles of the entry and of its translations: no two may be alike.
    return _TITLE.sub(lambda found: f"{found[1]}{found[2]}{found[3]} ({number + 1}){found[4]}", part)
