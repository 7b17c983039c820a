"""`python -m knowledge_base.adapting`: teach the built-in encoder on the packs, and write its adapter. About half an hour on one core.

Afterwards: `make setup` converts the encoder and builds the release anew; `customs evaluate` tells whether it was worth it, and the
thresholds of `knowledge_base/search.py` are chosen again.
"""

from __future__ import annotations

import argparse
import datetime
import tempfile
from pathlib import Path

import torch

from customs.settings import ROOT
from knowledge_base.adapting.layers import LastLayers
from knowledge_base.adapting.texts import states_below, texts_of_packs
from knowledge_base.adapting.training import Settings, train
from knowledge_base.index import e5_adapter, e5_convert
from knowledge_base.packs import pack_folders

FIRST_LAYER = 8
RANK = 16


def main() -> None:
    """Read the packs, learn, write."""
    parser = argparse.ArgumentParser(prog="python -m knowledge_base.adapting", description=__doc__)
    parser.add_argument("--out", type=Path, default=e5_adapter.FILE, help="where to write the adapter (%(default)s)")
    parser.add_argument("--epochs", type=float, default=Settings.epochs)
    parser.add_argument("--packs", nargs="+", default=["ae", "us", "gb", "eu"])
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    items = texts_of_packs(pack_folders(ROOT / "knowledge_base" / "content", wanted.packs), datetime.date.today())
    with tempfile.TemporaryDirectory() as folder:
        e5_convert.write_unadapted(Path(folder))
        print(f"{len(items)} texts; running the {FIRST_LAYER} layers that stay ...", flush=True)
        states = states_below(Path(folder), FIRST_LAYER, [(item.text, item.is_answer) for item in items])
        layers = LastLayers(Path(folder), FIRST_LAYER, RANK)
        train(layers, items, states, Settings(epochs=wanted.epochs), lambda line: print(line, flush=True))
    e5_adapter.write(wanted.out, layers.factors())
    print(f"Wrote {wanted.out}. Set up anew, evaluate, and choose the thresholds again.")


if __name__ == "__main__":
    main()
