"""Sentences to unit vectors, with whichever sentence-transformers model the settings name."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge_base.errors import KnowledgeError
from knowledge_base.index import conversion, e5_convert, e5_file, inner_layers, onnx_export
from knowledge_base.index.onnx_graph import OnnxGraph, clean

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

BUILTIN = "builtin:e5-small"
BACKENDS = ("onnx-int8", "onnx", "torch")
_CACHED_QUERIES = 2048
_CACHED_CHARACTERS = 500
_BATCH = 8
_INSTRUCTION = "Instruct: Given a question, retrieve the passage that answers it\nQuery: "
_BGE = "Represent this sentence for searching relevant passages: "


class EncoderError(KnowledgeError):
    """The encoder that the settings name cannot be loaded; the message says why and what to set instead."""


class Encoder:
    """A sentence-transformers model with its prompts; safe to use from several threads.

    `id` changes whenever vectors may change (model, weights, precision, prompts): an index stores it and is rebuilt when it
    differs. The exact arithmetic is not part of it: torch and ONNX in 32-bit floats agree to 1e-4 and share an id.
    `source` is the model, or the graph of which `model` makes one when it is asked for.
    """

    def __init__(
        self, source: SentenceTransformer | OnnxGraph, name: str, weights: str, precision: str, prompts: dict[str, str]
    ):
        self._graph = source if isinstance(source, OnnxGraph) else None
        if self._graph is None:
            self.model = source
        # In 8 bits a vector depends a little on the texts of its batch: one by one, the index holds what a question gives.
        self._batch = 1 if precision == "int8" else _BATCH
        self.prompts = prompts
        self.dimension: int = self._graph.dimension if self._graph else source.get_embedding_dimension()
        self._network = None if self._graph else _network(source)
        self.gate_dimension: int = self.dimension
        if self._graph:
            self.gate_dimension = self._graph.whole_dimension
        elif self._network is not None:
            self.gate_dimension += len(inner_layers.AT) * self._network.config.hidden_size
        prompts_hash = hashlib.sha256(json.dumps(prompts, sort_keys=True).encode()).hexdigest()[:8]
        self.id = f"{name}@{weights[:12]}/{precision}/{self.dimension}/{prompts_hash}"
        self._recent: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    @cached_property
    def model(self) -> SentenceTransformer:
        """The encoder as sentence-transformers has it. A graph's is made at the first use: importing the library takes seconds."""
        from sentence_transformers import SentenceTransformer

        from knowledge_base.index.onnx_module import OnnxEncoderModule

        module = OnnxEncoderModule.of(self._graph)
        return SentenceTransformer(modules=[module], device="cpu", prompts=dict(self.prompts))

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of questions: float32, shape (len(texts), dimension), rows of length 1. Repeated ones are remembered."""
        return np.ascontiguousarray(self.encode_for_gate(texts)[:, : self.dimension])

    def encode_for_gate(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of questions and behind them those of three inner layers, each of length 1: (len(texts), gate_dimension) float32.

        An encoder of which only the vectors are known has nothing behind them. Costs no more than `encode_query`.
        """
        texts = _checked(texts)
        vectors = np.empty((len(texts), self.gate_dimension), dtype=np.float32)
        missing: dict[str, list[int]] = {}
        with self._lock:
            for row, text in enumerate(texts):
                if (known := self._recent.get(text)) is None:
                    missing.setdefault(text, []).append(row)
                else:
                    self._recent.move_to_end(text)
                    vectors[row] = known
        if missing:
            fresh = self._encode_whole(list(missing))
            for vector, rows in zip(fresh, missing.values()):
                vectors[rows] = vector
            with self._lock:
                for text, vector in zip(missing, fresh):
                    if len(text) <= _CACHED_CHARACTERS:
                        self._recent[text] = vector.copy()
                while len(self._recent) > _CACHED_QUERIES:
                    self._recent.popitem(last=False)
        return vectors

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of passages: float32, shape (len(texts), dimension), rows of length 1."""
        texts, prompt = _checked(texts), self.prompts["document"]
        if self._graph:
            return self._in_batches(lambda part: self._graph.encode(part, prompt), texts, self.dimension)
        vectors = self.model.encode_document(
            texts, prompt=prompt, batch_size=self._batch, show_progress_bar=False, normalize_embeddings=True
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), self.dimension)

    def _encode_whole(self, texts: list[str]) -> np.ndarray:
        prompt = self.prompts["query"]
        if self._graph:
            return self._in_batches(lambda part: self._graph.encode_whole(part, prompt), texts, self.gate_dimension)
        vectors = self.model.encode_query(
            texts, prompt=prompt, batch_size=self._batch, show_progress_bar=False, normalize_embeddings=True
        )
        if self._network is None:
            return np.asarray(vectors, dtype=np.float32)
        inner = self._in_batches(lambda part: self._inner(part, prompt), texts, self.gate_dimension - self.dimension)
        return np.concatenate([np.asarray(vectors, dtype=np.float32), inner], axis=1)

    def _inner(self, texts: list[str], prompt: str) -> np.ndarray:
        import torch

        told = self.model.preprocess(texts, prompt=prompt)
        told = {name: told[name] for name in ("input_ids", "attention_mask")}
        with torch.inference_mode():
            layers = self._network(**told, output_hidden_states=True).hidden_states
            return inner_layers.beside(layers, told["attention_mask"]).float().numpy()

    def _in_batches(self, made: Callable[[list[str]], np.ndarray], texts: list[str], width: int) -> np.ndarray:
        # Small batches: on a processor larger ones are no quicker, and the runtime keeps the memory of the largest.
        parts = [texts[start : start + self._batch] for start in range(0, len(texts), self._batch)]
        return np.concatenate([np.empty((0, width), dtype=np.float32), *map(made, parts)])

    def __repr__(self) -> str:
        return f"<Encoder {self.id}>"


def _checked(texts: Sequence[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError(f"Expected a list of texts, got the text {texts[:40]!r}; put it in a list.")
    return [clean(text) for text in texts]


def load_encoder(
    name: str = BUILTIN,
    backend: str = "onnx-int8",
    threads: int = 1,
    models_dir: Path = Path("models"),
) -> Encoder:
    """Load the encoder `name`: `builtin:e5-small`, a folder, or a hub name that this machine has already.

    `backend` is onnx-int8, onnx or torch, and counts for the built-in encoder; another model runs in torch. `threads` are
    those for one call. The built-in encoder is converted into `models_dir` the first time (half a minute).
    Raises `EncoderError` when the model cannot be had and `WeightFileError` when the built-in weights are not the pinned ones.
    """
    if backend not in BACKENDS:
        raise EncoderError(
            f"Encoder backend {backend!r} is unknown; set encoder_backend to one of {', '.join(BACKENDS)}."
        )
    if threads < 1:
        raise EncoderError(f"Encoder threads are {threads}; set encoder_threads to 1 or more.")
    # Nothing is fetched at run time unless the operator says so. The hub's library reads this when it is imported.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    if name == BUILTIN:
        return _load_builtin(backend, threads, Path(models_dir))
    if name.startswith("builtin:"):
        raise EncoderError(f"There is no built-in encoder {name!r}; use {BUILTIN}, a folder or a hub name.")
    return _load_other(name, threads)


def _load_builtin(backend: str, threads: int, models_dir: Path) -> Encoder:
    folder = e5_file.ensure_converted(models_dir)
    files = conversion.files(folder)
    precise = backend != "onnx-int8"
    if backend == "torch":
        source = _load_torch(str(folder), threads)
    else:
        source = OnnxGraph(folder, onnx_export.FP32 if precise else onnx_export.INT8, threads, e5_convert.MAX_TOKENS)
    weights = files["model.safetensors" if precise else onnx_export.INT8]["sha256"]
    return Encoder(source, e5_convert.NAME, weights, "fp32" if precise else "int8", dict(e5_convert.PROMPTS))


def _load_other(name: str, threads: int) -> Encoder:
    model = _load_torch(name, threads)
    folder = Path(name).expanduser()
    short = folder.resolve().name if folder.exists() else name
    return Encoder(model, short, _weights_hash(model), "fp32", choose_prompts(short, dict(model.prompts)))


def _load_torch(name: str, threads: int) -> SentenceTransformer:
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    torch.set_num_threads(threads)
    offline = os.environ.get("HF_HUB_OFFLINE", "0").lower() in {"1", "true", "yes", "on"}
    folder = Path(name).expanduser()
    try:
        return SentenceTransformer(str(folder) if folder.exists() else name, device="cpu", local_files_only=offline)
    except (OSError, ValueError, RuntimeError, KeyError) as error:  # whatever the hub's and the model's libraries raise
        if folder.exists():
            raise EncoderError(f"The folder {name!r} holds no sentence-transformers model: {error}") from error
        raise EncoderError(
            f"Encoder {name!r} was not found offline; use {BUILTIN}, the path of a model's folder, or set HF_HUB_OFFLINE=0 "
            f"once to fetch it."
        ) from error


def _network(model: SentenceTransformer) -> Any:
    """The network of transformer layers that `model` begins with, or None where it begins otherwise."""
    network = getattr(model[0], "model", None)
    return network if getattr(getattr(network, "config", None), "num_hidden_layers", 0) else None


def choose_prompts(name: str, own: dict[str, str | None]) -> dict[str, str]:
    """The prompts for questions and passages: the model's `own` if it has some, else those that its `name` is known to need."""
    query = own.get("query") or ""
    document = own.get("document") or own.get("passage") or ""
    if query or document:
        return {"query": query, "document": document}
    short = name.lower().rsplit("/", 1)[-1]
    if "e5-" in short and short.endswith("-instruct"):
        return {"query": _INSTRUCTION, "document": ""}
    if short.startswith("e5-") or "-e5-" in short:
        return dict(e5_convert.PROMPTS)
    if short.startswith("bge-") and "-en" in short:
        return {"query": _BGE, "document": ""}
    return {"query": "", "document": ""}


def _weights_hash(model: SentenceTransformer) -> str:
    import torch

    digest = hashlib.sha256(repr([type(module).__name__ for module in model]).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
