"""Writes down how long marked calls took: `name<TAB>start<TAB>end` a line, in seconds of the machine's monotonic clock.

The clock is the same in every process of a machine, so lines of several processes can be laid over one another. Runs in both
environments and needs nothing beyond the standard library. Only traced runs (benchmarks/traced.py) load it.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Trace:
    """Lines appended to `path`, each written at once: a traced process is ended, not closed."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", buffering=1, encoding="ascii")

    def add(self, name: str, start: float, end: float) -> None:
        """Note one call."""
        self._file.write(f"{name}\t{start:.7f}\t{end:.7f}\n")

    def wrap(self, owner: Any, attribute: str, name: str) -> None:
        """Replace the function `owner.attribute`, plain or async, by one that also notes each call as `name`.

        Raises AttributeError when there is no such function: a version that calls it otherwise must not pass for quick.
        """
        raw = inspect.getattr_static(owner, attribute)
        static = isinstance(raw, staticmethod)
        inner = raw.__func__ if static else raw

        if inspect.iscoroutinefunction(inner):

            @functools.wraps(inner)
            async def noted(*arguments: Any, **named: Any) -> Any:
                start = time.perf_counter()
                try:
                    return await inner(*arguments, **named)
                finally:
                    self.add(name, start, time.perf_counter())

        else:

            @functools.wraps(inner)
            def noted(*arguments: Any, **named: Any) -> Any:
                start = time.perf_counter()
                try:
                    return inner(*arguments, **named)
                finally:
                    self.add(name, start, time.perf_counter())

        setattr(owner, attribute, staticmethod(noted) if static else noted)


def read(path: Path) -> Iterator[tuple[str, float, float]]:
    """The noted calls of `path`; nothing when there is no such file. A last line that was cut is left out."""
    if not path.exists():
        return
    for line in path.read_text(encoding="ascii").splitlines(keepends=True):
        fields = line.split("\t")
        if line.endswith("\n") and len(fields) == 3:
            yield fields[0], float(fields[1]), float(fields[2])
