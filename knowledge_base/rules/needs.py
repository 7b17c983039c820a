"""Which unknown facts would change a result: found by trying what they can be.

A sum reads its facts from `Facts`. Every unknown fact that it reads is tried at each value it can take, and so on for the facts that
are read then; a fact is needed when some of its values lead to different results. Facts that a sum never reads are never tried.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

R = TypeVar("R")
# So many results are compared at most; beyond that every fact that was read counts as needed, which asks too much but is never wrong.
MOST = 1500


class Facts(Mapping[str, Any]):
    """Facts by name: what is known, else what is being tried, else the first value that the fact can take, else None.

    `reads` lists the facts that were looked at and are not known, in the order of the looks.
    """

    def __init__(
        self, known: Mapping[str, Any], values: Callable[[str], Sequence[Any]], tried: Mapping[str, Any] | None = None
    ) -> None:
        self._known, self._values, self._tried = known, values, tried or {}
        self.reads: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        value = self._known.get(name)
        if value is not None:
            return value
        if name in self._tried:
            return self._tried[name]
        if name not in self.reads:
            possible = self._values(name)
            self.reads[name] = possible[0] if possible else None
        return self.reads[name]

    def __iter__(self):  # noqa: ANN204
        return iter({**self._known, **self._tried, **self.reads})

    def __len__(self) -> int:
        return len({**self._known, **self._tried, **self.reads})


@dataclass
class Tried(Generic[R]):
    """What trying found: the facts that change the result, in no order, and all results that are possible (the usual one first)."""

    needs: set[str] = field(default_factory=set)
    results: list[R] = field(default_factory=list)


def try_facts(
    known: Mapping[str, Any],
    values: Callable[[str], Sequence[Any]],
    reckon: Callable[[Facts], R],
    essence: Callable[[R], Hashable],
) -> Tried[R]:
    """Try unknown facts. `values` gives what a fact can be, the usual first; no or one value means that it is not worth asking.

    `essence` of a result is what makes a difference to the person: two results with the same essence are the same.
    """
    found: Tried[R] = Tried()
    read: set[str] = set()

    def tree(tried: dict[str, Any]) -> Hashable:
        facts = Facts(known, values, tried)
        result = reckon(facts)
        found.results.append(result)
        grown: Hashable = ("", essence(result))
        # From the last fact that was read to the first: below it, the later ones stay to be decided.
        reads = list(facts.reads.items())
        for place in range(len(reads) - 1, -1, -1):
            name, usual = reads[place]
            others = [value for value in values(name) if value != usual]
            if others:
                read.add(name)
            branches = {usual: grown}
            for value in others:
                if len(found.results) >= MOST:
                    found.needs |= read
                    break
                branches[value] = tree({**tried, **dict(reads[:place]), name: value})
            grown = grown if len(set(branches.values())) == 1 else (name, tuple(sorted(branches.items(), key=repr)))
        return grown

    _collect(tree({}), found.needs)
    return found


def _collect(grown: Any, needs: set[str]) -> None:
    name, branches = grown
    if name:
        needs.add(name)
        for _, below in branches:
            _collect(below, needs)
