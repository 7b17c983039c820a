"""The fixed sentences of the service in every language, from gettext catalogues.

Catalogues are `locale/<language>.po` beside the part that uses them, read as they are: a translator edits one file, nothing is
compiled. The message id is the English sentence. A sentence without a translation is shown in English.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

RIGHT_TO_LEFT = frozenset({"ar", "ur", "fa", "he", "ps"})


def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@cache
def catalogue(folder: Path, language: str) -> dict[str, str]:
    """Message id → translation of `folder/<language>.po`; empty when there is no such file."""
    path = folder / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            message.id: message.string for message in read_po(file, locale=language) if message.id and message.string
        }


class Wording:
    """Looks sentences up in one folder of catalogues.

    >>> say = Wording(Path("actions/locale"))
    >>> say("en", "Which country are you travelling to?")
    'Which country are you travelling to?'
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, language: str, sentence: str, **values: object) -> str:
        text = catalogue(self.folder, language).get(sentence, sentence)
        return text.format(**values) if values else text
