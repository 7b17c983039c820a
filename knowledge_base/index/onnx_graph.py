"""An encoder as a tokeniser and a graph in ONNX Runtime, from text to unit vector; imports neither PyTorch nor sentence-transformers.

They take seconds and 400 MB to import, and a process that answers questions needs neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from knowledge_base.index.unigram import UnigramTokenizer

MAX_CHARACTERS = 10_000  # far more than 512 tokens hold; a text of 200 kB would take seconds to split


def clean(text: str) -> str:
    """`text` without lone surrogates, which no tokeniser takes, and cut to `MAX_CHARACTERS`."""
    return text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8")


def token_ids(path: Path, max_tokens: int) -> Callable[[str], list[int]]:
    """What makes the token ids of a text, cut to `max_tokens`, by a `tokenizer.json`; safe to call from several threads."""
    if small := UnigramTokenizer.open(path, max_tokens):
        return small.ids
    tokenizer = Tokenizer.from_file(str(path))
    # Padding is done elsewhere: a tokeniser that pads changes its own state, which two threads must not do.
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return lambda text: tokenizer.encode(text).ids


class OnnxGraph:
    """Safe to call from several threads.

    `folder` holds `tokenizer.json` and the graph `path` (inside it), whose inputs are `input_ids` and `attention_mask` (texts, tokens)
    and whose outputs are one unit row a text and, beside it, three of its inner layers. `threads` are those of one call.
    """

    def __init__(self, folder: Path, path: str, threads: int = 1, max_tokens: int = 512, pad_id: int = 1) -> None:
        self.folder, self.path, self.threads = Path(folder), path, threads
        self.max_tokens, self.pad_id = max_tokens, pad_id
        self._ids = token_ids(self.folder / "tokenizer.json", max_tokens)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Threads that spin while they wait took a busy machine from 33 to 500 ms a question.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        providers = ["CPUExecutionProvider"]
        self.session = onnxruntime.InferenceSession(str(self.folder / path), options, providers=providers)
        vector, inner = self.session.get_outputs()
        self.dimension: int = vector.shape[-1]
        self.whole_dimension: int = self.dimension + inner.shape[-1]

    def tokens(self, texts: Sequence[str], prompt: str = "") -> tuple[np.ndarray, np.ndarray]:
        """Token ids and mask (len(texts), tokens) int64 of `texts`, each with `prompt` before it, padded to the longest."""
        # One by one: the tokeniser's own batches start a thread pool, which does not survive a fork.
        rows = [self._ids(clean(prompt + text)) for text in texts]
        ids = np.full((len(rows), max(map(len, rows), default=0)), self.pad_id, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(rows):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        return ids, mask

    def run(self, ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        """The unit vectors (texts, dimension) float32 of what `tokens` gave."""
        return self._run(ids, mask)[0]

    def encode(self, texts: Sequence[str], prompt: str = "") -> np.ndarray:
        """The vectors (len(texts), dimension) float32 of length 1, all in one pass."""
        return self.run(*self.tokens(texts, prompt))

    def encode_whole(self, texts: Sequence[str], prompt: str = "") -> np.ndarray:
        """The same and the inner layers' vectors behind them (len(texts), whole_dimension), all in one pass."""
        return np.concatenate(self._run(*self.tokens(texts, prompt)), axis=1)

    def _run(self, ids: np.ndarray, mask: np.ndarray) -> list[np.ndarray]:
        return self.session.run(None, {"input_ids": ids, "attention_mask": mask})
