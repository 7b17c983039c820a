"""Publish packs: check → build aside and verify → evaluate → switch. A step that fails stops it, and the served release stays.

>>> publisher = Publisher(var_dir, encoder, examples, trial=trial)
>>> publisher.publish(Path("knowledge_base/content"), ["ae", "gb"], by="huda", comment="wine: new limit").release
'20261122-3f9a1c20'
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from knowledge_base.errors import KnowledgeError
from knowledge_base.index.embeddings import Encodes
from knowledge_base.index.manifest import CONSOLE, CURRENT, FOLDER, switch_to
from knowledge_base.index.release import Before, Prepared, prepare_release
from knowledge_base.packs import pack_folders
from knowledge_base.publishing.changed import Change, changes
from knowledge_base.publishing.checking import CheckedPacks
from knowledge_base.publishing.history import PUBLISHED, Retention, history, remember, tidy
from knowledge_base.publishing.lock import BUILDING, SWITCHING, held
from knowledge_base.publishing.trial import NoTrial, Trial, TrialReport
from knowledge_base.tariff.catalogue import Catalogue

CHECK, BUILD, EVALUATE, SWITCH = "check", "build", "evaluate", "switch"
STEPS = (CHECK, BUILD, EVALUATE, SWITCH)
Content = Path | Callable[[Path], None]


class PublicationStopped(KnowledgeError):
    """A step failed and nothing was published; `reasons` say why, each naming the entry, figure or question it is about."""

    def __init__(self, step: str, reasons: Sequence[str]) -> None:
        self.step = step
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True)
class Published:
    """What was published. `is_new` is False when the served release was made of the same already; `seconds` by step."""

    release: str
    is_new: bool
    changes: tuple[Change, ...] = ()
    warnings: tuple[str, ...] = ()
    trial: TrialReport | None = None
    seconds: dict[str, float] = field(default_factory=dict)


class Publisher:
    """Publishes into `var_dir`. What it has checked and asked it remembers, so that the next publication looks at what changed."""

    def __init__(
        self,
        var_dir: Path,
        encoder: Encodes,
        examples: list[tuple[str, str]],
        goods: Catalogue | None = None,
        trial: Trial | None = None,
        keep: Retention | None = None,
    ) -> None:
        self.var_dir = var_dir
        self.releases = var_dir / "releases"
        self._encoder = encoder
        self._examples = examples
        self._goods = goods
        self._trial = trial or NoTrial()
        self._keep = keep or Retention()
        self._checked = CheckedPacks()
        self._before = Before()

    def publish(
        self,
        content: Content,
        names: Sequence[str] = (),
        *,
        by: str = "",
        comment: str = "",
        origin: str = FOLDER,
        on_step: Callable[[str], None] = lambda step: None,
        say: Callable[[str], None] = lambda line: None,
        day: date | None = None,
        anew: bool = False,
        go_on: Callable[[], None] = lambda: None,
    ) -> Published:
        """Publish the packs `names` (all when empty) of `content`: their folder, or what writes them into an empty one.

        One publisher works at a time; the content is read when it is this one's turn, so that no earlier change is lost. With `anew`
        nothing is kept of the served release that was learned in part. `go_on` is called between what takes seconds while it is built,
        and may raise to end it. Raises `PublicationStopped`, or `LockBusy`.
        """
        day = day or date.today()
        waiting = lambda: say("another publication is being built; this one waits for it")  # noqa: E731
        with held(self.releases, BUILDING, waiting=waiting):
            base = (self.releases / CURRENT).resolve()
            with tempfile.TemporaryDirectory(prefix=".content-", dir=self.releases) as aside:
                folder = self._written(content, Path(aside))
                clock = _Clock(on_step)
                clock.begin(CHECK)
                packs, warnings = self._check(_folders(folder, names), day)
                clock.begin(BUILD)
                kept = folder if origin == CONSOLE else None
                prepared = self._prepare(packs, day, origin, kept, say, anew, go_on)
            if prepared.is_served:
                return Published(prepared.folder.name, False, warnings=warnings, seconds=clock.end())
            try:
                clock.begin(EVALUATE)
                report = self._evaluate(prepared)
                clock.begin(SWITCH)
                found = changes(base, prepared.folder)
                self._switch(prepared, base, by, comment)
            except BaseException:
                self._drop(prepared)
                raise
            tidy(self.releases, self._keep)
            return Published(prepared.folder.name, True, found, warnings, report, clock.end())

    def _written(self, content: Content, aside: Path) -> Path:
        if isinstance(content, Path):
            return content
        folder = aside / "packs"
        folder.mkdir()
        content(folder)
        return folder

    def _check(self, folders: Sequence[Path], day: date) -> tuple[list, tuple[str, ...]]:
        if not folders:
            raise PublicationStopped(CHECK, ["There is no administration to publish."])
        packs, faults = self._checked.read(folders, day)
        errors = [fault for fault in faults if fault.startswith("error: ")]
        if errors:
            raise PublicationStopped(CHECK, [fault.removeprefix("error: ") for fault in errors])
        return packs, tuple(fault.removeprefix("warning: ") for fault in faults)

    def _prepare(
        self,
        packs: list,
        day: date,
        origin: str,
        kept: Path | None,
        say: Callable[[str], None],
        anew: bool,
        go_on: Callable[[], None],
    ) -> Prepared:
        try:
            return prepare_release(
                packs, self._examples, self._encoder, self.var_dir, day, say, self._goods, origin, kept, anew, go_on, self._before,
            )  # fmt: skip
        except (KnowledgeError, OSError, ValueError) as error:
            raise PublicationStopped(BUILD, [f"The release could not be built: {error}"]) from error

    def _evaluate(self, prepared: Prepared) -> TrialReport | None:
        report = self._trial.judge(prepared.release, self._encoder)
        if report is not None and report.missed:
            raise PublicationStopped(EVALUATE, report.reasons())
        return report

    def _switch(self, prepared: Prepared, base: Path, by: str, comment: str) -> None:
        with held(self.releases, SWITCHING):
            served = (self.releases / CURRENT).resolve()
            if served != base:
                reason = (
                    f"While this was being built, somebody went back to release {served.name}. It is not built over: "
                    "publish again if the change is still wanted."
                )
                raise PublicationStopped(SWITCH, [reason])
            switch_to(prepared.folder)
            remember(prepared.folder, PUBLISHED, by, comment)

    def _drop(self, prepared: Prepared) -> None:
        """Take away a release that is not to be served, unless it was served once."""
        if prepared.folder.name not in {row.release for row in history(self.releases)}:
            shutil.rmtree(prepared.folder, ignore_errors=True)


def _folders(content: Path, names: Sequence[str]) -> list[Path]:
    every = sorted(path.parent.name for path in content.glob("*/administration.yml"))
    try:
        return pack_folders(content, names or every)
    except KnowledgeError as error:
        raise PublicationStopped(CHECK, [str(error)]) from error


class _Clock:
    """Seconds by step, told as they begin."""

    def __init__(self, on_step: Callable[[str], None]) -> None:
        self._on_step = on_step
        self._seconds: dict[str, float] = {}
        self._step = ""
        self._since = 0.0

    def begin(self, step: str) -> None:
        self.end()
        self._step, self._since = step, time.perf_counter()
        self._on_step(step)

    def end(self) -> dict[str, float]:
        if self._step:
            self._seconds[self._step] = time.perf_counter() - self._since
            self._step = ""
        return self._seconds
