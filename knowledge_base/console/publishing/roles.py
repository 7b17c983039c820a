"""What each role may do here: everybody sees what became of a change, publishers go back and switch off."""

from __future__ import annotations

_SEE = ["publishing.view_publication"]
PERMISSIONS: dict[str, list[str]] = {
    "author": _SEE,
    "translator": _SEE,
    "reviewer": _SEE,
    "publisher": [*_SEE, "publishing.roll_back", "publishing.switch"],
    "analyst": _SEE,
    "auditor": _SEE,
    "manager": _SEE,
}
