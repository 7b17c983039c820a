"""A sentence-transformers input module that runs a whole encoder in ONNX Runtime, without `optimum`.

The graph goes from token ids to unit vectors, so this module alone makes a `SentenceTransformer`.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Self

import torch
from sentence_transformers.base.modules.input_module import InputModule

from knowledge_base.index.onnx_graph import OnnxGraph


class OnnxEncoderModule(InputModule):
    """An `OnnxGraph` as a module; safe to call from several threads. The arguments are those of the graph, or an open one's."""

    config_keys = ["graph", "threads", "max_seq_length", "pad_id"]

    def __init__(
        self,
        folder: str,
        graph: str,
        threads: int = 1,
        max_seq_length: int = 512,
        pad_id: int = 1,
        opened: OnnxGraph | None = None,
    ) -> None:
        super().__init__()
        self.graph, self.threads, self.max_seq_length, self.pad_id = graph, threads, max_seq_length, pad_id
        self.opened = opened or OnnxGraph(Path(folder), graph, threads, max_seq_length, pad_id)

    @classmethod
    def of(cls, opened: OnnxGraph) -> Self:
        """The module of a graph that is open already."""
        return cls(str(opened.folder), opened.path, opened.threads, opened.max_tokens, opened.pad_id, opened)

    def preprocess(self, inputs: list[str], prompt: str | None = None, **kwargs: Any) -> dict[str, torch.Tensor]:
        """Token ids and mask of `inputs`, each with `prompt` before it, padded to the longest."""
        ids, mask = self.opened.tokens(inputs, prompt or "")
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}

    def forward(self, features: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        """Add `sentence_embedding`, one unit row a text."""
        vectors = self.opened.run(features["input_ids"].numpy(), features["attention_mask"].numpy())
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """The number of components of a vector."""
        return self.opened.dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Copy the graph, its weights and the tokeniser, so that `load` finds them."""
        source, target = self.opened.folder, Path(output_path)
        for path in [source / "tokenizer.json", *(source / self.graph).parent.glob(Path(self.graph).name + "*")]:
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        self.save_config(output_path)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **kwargs: Any) -> Self:
        """The module that `save` wrote."""
        return cls(str(Path(model_name_or_path) / subfolder), **cls.load_config(model_name_or_path, subfolder))
