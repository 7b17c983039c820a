"""A sentence-transformers input module that runs a whole encoder in ONNX Runtime, without `optimum`.

The graph goes from token ids to unit vectors, so this module alone makes a `SentenceTransformer`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Self

import numpy as np
import onnxruntime
import torch
from sentence_transformers.base.modules.input_module import InputModule
from tokenizers import Tokenizer

MAX_CHARACTERS = 10_000  # far more than 512 tokens hold; a text of 200 kB would take seconds to split


def clean(text: str) -> str:
    """`text` without lone surrogates, which no tokeniser takes, and cut to `MAX_CHARACTERS`."""
    return text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8")


class OnnxEncoderModule(InputModule):
    """Tokenises with `tokenizers` and encodes with ONNX Runtime; safe to call from several threads.

    `folder` is a sentence-transformers folder with `tokenizer.json` and the graph `graph` (a path inside it), whose inputs are
    `input_ids` and `attention_mask` and whose output is one unit row a text.
    """

    config_keys = ["graph", "threads", "max_seq_length", "pad_id"]

    def __init__(self, folder: str, graph: str, threads: int = 1, max_seq_length: int = 512, pad_id: int = 1) -> None:
        super().__init__()
        self.folder, self.graph, self.threads = str(folder), graph, threads
        self.max_seq_length, self.pad_id = max_seq_length, pad_id
        self.tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
        # Padding is done below: a tokeniser that pads changes its own state, which two threads must not do.
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(max_seq_length)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin while they wait took a busy machine from 33 to 500 ms a question.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(Path(folder) / graph), options, providers=["CPUExecutionProvider"]
        )
        self._dimension = self.session.get_outputs()[0].shape[-1]

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask of `inputs`, each with `prompt` before it, padded to the longest."""
        # One by one: the tokeniser's own batches start a thread pool, which does not survive a fork.
        rows = [self.tokenizer.encode(clean((prompt or "") + text)).ids for text in inputs]
        ids = np.full((len(rows), max(map(len, rows), default=0)), self.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, one unit row a text."""
        given = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        features["sentence_embedding"] = torch.from_numpy(self.session.run(None, given)[0])
        return features

    def get_embedding_dimension(self) -> int:
        """The number of components of a vector."""
        return self._dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the graph, its weights and the tokeniser, so that `load` finds them."""
        source, target = Path(self.folder), Path(output_path)
        for path in [source / "tokenizer.json", *(source / self.graph).parent.glob(Path(self.graph).name + "*")]:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        self.save_config(output_path)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any) -> Self:
        """The module that `save` wrote."""
        return cls(str(Path(model_name_or_path) / subfolder), **cls.load_config(model_name_or_path, subfolder))
