"""The small tokeniser gives the ids of the library's, whatever it is given."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece

from customs.settings import Settings
from knowledge_base.index.onnx_graph import token_ids
from knowledge_base.index.unigram import UnigramTokenizer, fits

FOLDER = Settings().models_dir
PATH = FOLDER / "e5-small" / "tokenizer.json"
MARKS = ["<s>", "</s>", "<pad>", "<unk>", "<mask>", "  <mask> "]


@pytest.fixture(scope="module")
def theirs() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(PATH))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    return tokenizer


@pytest.fixture(scope="module")
def ours() -> UnigramTokenizer:
    return UnigramTokenizer.open(PATH, 512)


@pytest.mark.parametrize(
    "text",
    [
        "query: how much wine can i bring into dubai?", "كم سيجارة مسموح لي أن أحضر", "क्या मैं सोना ला सकता हूँ", "可以带多少现金入境",
        "сколько сигарет можно провезти", "ﬁne ＡＢＣ ½ e\u0301", "", " ", "\n\t", "▁", "▁▁ a", "a\u200bb\ufeff", "\x00\x7f", "🍷" * 9,
        "\U0010ffff\ue000\ue001 x", "x" * 3000, "中" * 2000, "wine beer " * 2000, "a <mask>b", "<s></s>", "q</s> <unk>", "<MASK>",
    ],
)  # fmt: skip
def test_the_ids_are_those_of_the_library(theirs: Tokenizer, ours: UnigramTokenizer, text: str) -> None:
    assert ours.ids(text) == theirs.encode(text).ids
    assert ours.ids(text) == theirs.encode(text).ids, "the second time from memory"


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from([*MARKS, " ", "wine", "ة", "现"])), max_size=12).map(
        "".join
    )
)
def test_the_ids_of_anything_are_those_of_the_library(theirs: Tokenizer, ours: UnigramTokenizer, text: str) -> None:
    assert ours.ids(text) == theirs.encode(text).ids


def test_another_kind_is_left_to_the_library(theirs: Tokenizer, tmp_path: Path) -> None:
    other = tmp_path / "tokenizer.json"
    pieces = Tokenizer(WordPiece({"[UNK]": 0, "wi": 1, "##ne": 2}, unk_token="[UNK]"))
    pieces.save(str(other))
    assert UnigramTokenizer.open(other, 256) is None
    assert token_ids(other, 256)("wine") == pieces.encode("wine").ids == [1, 2]
    content = json.loads(PATH.read_text(encoding="utf-8"))
    assert fits(content)
    assert not fits(content | {"pre_tokenizer": {"type": "Whitespace"}})
    assert not fits(content | {"model": {"type": "BPE"}})
