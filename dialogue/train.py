"""Train the Rasa model, when what it is made of has changed: `python -m dialogue.train`.

The model is `models/rasa-<hash>.tar.gz`, the hash being that of everything that it is made of; a model that is there is not
made again, and those of other hashes are removed once the new one stands. `--print-path` only prints the path. `--force`
trains in any case.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from customs.settings import ROOT
from dialogue.environment import own_settings, quieten, set_up_logging

INGREDIENTS = ("config.yml", "domain.yml", "data/nlu", "data/rules", "dialogue/fast_lr.py", "dialogue/known_words.py")


class TrainingError(RuntimeError):
    """Rasa made no model; the message says where to look."""


def ingredient_files(root: Path = ROOT) -> Iterator[Path]:
    """The files that a model is made of, in a fixed order."""
    for name in INGREDIENTS:
        path = root / name
        if path.is_dir():
            yield from sorted(path.rglob("*.yml"))
        else:
            yield path


def fingerprint(root: Path = ROOT) -> str:
    """Twelve hexadecimal digits that change with any name or byte of the ingredients."""
    digest = hashlib.sha256()
    for path in ingredient_files(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def model_path(models_dir: Path | None = None, root: Path = ROOT) -> Path:
    """Where the model of the present ingredients is, or will be."""
    return (models_dir or own_settings().models_dir) / f"rasa-{fingerprint(root)}.tar.gz"


def train(target: Path, root: Path = ROOT) -> None:
    """Train into `target`, which appears whole or not at all. Raises `TrainingError`."""
    import rasa.model_training

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".training-") as folder:
        # No training cache: it would be written into the working folder, and a training takes seconds.
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"
        os.environ["RASA_CACHE_DIRECTORY"] = str(Path(folder) / "cache")
        result = rasa.model_training.train(
            domain=str(root / "domain.yml"),
            config=str(root / "config.yml"),
            training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
            output=folder,
            force_training=True,
            fixed_model_name=target.name,
        )
        if not result.model or not Path(result.model).is_file():
            raise TrainingError(
                f"Rasa made no model for {target.name} (code {result.code}); its messages above say why."
            )
        os.replace(result.model, target)


def remove_older(target: Path) -> list[Path]:
    """Remove the models of other ingredients beside `target`; those removed come back."""
    older = [path for path in target.parent.glob("rasa-*.tar.gz") if path != target]
    for path in older:
        path.unlink(missing_ok=True)
    return older


def main(arguments: list[str] | None = None) -> int:
    """Command line; 0 when the model stands."""
    parser = argparse.ArgumentParser(prog="python -m dialogue.train", description=__doc__.splitlines()[0])
    parser.add_argument("--print-path", action="store_true", help="print the model's path and do nothing else")
    parser.add_argument("--force", action="store_true", help="train even when the model is there")
    options = parser.parse_args(arguments)
    target = model_path()
    if options.print_path:
        print(target)
        return 0
    if target.is_file() and not options.force:
        print(f"The dialogue model is up to date: {target.name}")
        return 0
    quieten()
    start = time.monotonic()
    print(f"Training the dialogue model {target.name} (about 20 seconds)…", flush=True)
    set_up_logging("WARNING")
    sys.path.insert(0, str(ROOT))
    try:
        train(target)
    except TrainingError as error:
        print(error, file=sys.stderr)
        return 1
    for path in remove_older(target):
        print(f"Removed the older model {path.name}")
    print(f"The dialogue model stands: {target.name}, {time.monotonic() - start:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
