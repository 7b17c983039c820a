"""What is learned from: the packs' questions and answers, and their states below the layers that are adapted."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from knowledge_base.index.contents import publishable
from knowledge_base.index.e5_convert import PROMPTS
from knowledge_base.index.onnx_graph import token_ids
from knowledge_base.index.shelf_texts import Texts
from knowledge_base.packs import read_pack

MOST_TOKENS = 160  # of an answer; what follows changes its vector little and takes most of the time
_BATCH = 64


@dataclass(frozen=True)
class Item:
    """One text of an administration: the number of the entry that owns it, and whether it is its answer."""

    administration: str
    entry: int
    text: str
    is_answer: bool = False


def texts_of_packs(folders: Sequence[Path], on: datetime.date) -> list[Item]:
    """Every question and answer of the packs in `folders` as the index has them on a day."""
    items: list[Item] = []
    for folder in folders:
        pack = read_pack(folder)
        name, published = pack.administration.id, publishable(pack)
        texts = Texts.of(pack, published, on)
        items += [Item(name, int(owner), text) for text, owner in zip(texts.questions, texts.owner)]
        items += [Item(name, owner, text, is_answer=True) for owner, text in enumerate(texts.answers)]
    return items


def states_below(model_folder: Path, layer: int, texts: Sequence[tuple[str, bool]]) -> list[np.ndarray]:
    """What goes into `layer` (0 the first) for every text: (tokens, hidden) float16. A text comes with: is it a passage?

    The layers below do not change, so they are run once.
    """
    from transformers import BertModel

    encode = token_ids(model_folder / "tokenizer.json", MOST_TOKENS)
    ids = [encode(PROMPTS["document" if is_passage else "query"] + text) for text, is_passage in texts]
    model = BertModel.from_pretrained(model_folder, add_pooling_layer=False).eval()
    model.encoder.layer = model.encoder.layer[:layer]
    states: list[np.ndarray] = [np.empty(0)] * len(ids)
    order = np.argsort([len(row) for row in ids], kind="stable")
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            part = order[start : start + _BATCH]
            longest = max(len(ids[at]) for at in part)
            tokens = torch.ones((len(part), longest), dtype=torch.long)
            mask = torch.zeros((len(part), longest), dtype=torch.long)
            for row, at in enumerate(part):
                tokens[row, : len(ids[at])] = torch.tensor(ids[at])
                mask[row, : len(ids[at])] = 1
            found = model(input_ids=tokens, attention_mask=mask).last_hidden_state.half().numpy()
            for row, at in enumerate(part):
                states[at] = found[row, : len(ids[at])].copy()
    return states
