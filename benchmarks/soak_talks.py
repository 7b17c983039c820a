"""What the people of the soak say: talks that differ in language, administration, kind, and in a number that each has for itself.

Only one conversation at a time plays a talk. So the replies to it alone are the replies that it must get, word for word, among
all others; a reply that is another talk's was crossed.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

TALKS = Path(__file__).parent / "soak_talks.yml"
# Cigarettes or euros, another number for each talk; none is a round figure that guidance might hold.
NUMBERS = range(2_017, 9_000, 53)

_GROUPED = re.compile(r"(?<=\d)[,.٬'\s\u00a0\u202f\u2009](?=\d{3}(?!\d))")
# Marks that only steer the direction: a channel adds or leaves them.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Step:
    """One thing to do: say `text`, or press the first button whose payload begins with `press`, up to `times` times."""

    text: str = ""
    press: str = ""
    times: int = 1


@dataclass(frozen=True)
class Talk:
    """A talk in one language about one administration; `number` is said in it, and in no other."""

    kind: str
    language: str
    administration: str
    number: int
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        return f"{self.kind} {self.language} {self.administration}"


def talks(path: Path = TALKS) -> list[Talk]:
    """All talks of the file: kinds × languages × administrations, neighbours as different as can be.

    Raises ValueError when there are more talks than numbers.
    """
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    places = [(language, *one) for language, known in data["places"].items() for one in known.items()]
    every = list(itertools.product(data["kinds"], places))
    if len(every) > len(NUMBERS):
        raise ValueError(f"{path} makes {len(every)} talks, but there are only {len(NUMBERS)} numbers for them.")
    found = []
    for (kind, (language, administration, place)), number in zip(every, NUMBERS):
        words = {name: text.format(place=place, n=number) for name, text in data["words"][language].items()}
        steps = tuple(_step(step, words, administration) for step in data["kinds"][kind])
        found.append(Talk(kind, language, administration, number, steps))
    # In steps that share no factor with the number of talks, a walk meets each once.
    stride = next(step for step in (37, 41, 43) if len(found) % step)
    return [found[at * stride % len(found)] for at in range(len(found))]


def _step(step: str | dict[str, str | int], words: dict[str, str], administration: str) -> Step:
    if isinstance(step, str):
        return Step(text=words[step])
    if "fill" in step:
        return Step(press="/set_fact", times=int(step["fill"]))
    return Step(press=str(step["press"]).replace("OWN", administration))


def normal(text: str) -> str:
    """`text` with plain digits, no group separators, single blanks and without marks that steer the direction."""
    digits = "".join(str(unicodedata.digit(char)) if char.isdecimal() else char for char in _STEERING.sub("", text))
    return " ".join(_GROUPED.sub("", digits).split())


def numbers_in(text: str) -> set[int]:
    """The whole numbers of a `normal` text."""
    return {int(digits) for digits in re.findall(r"\d+", text)}
