"""Convert the weight file of `e5_file` to a plain sentence-transformers folder, and that to ONNX graphs.

`conversion.ensure` puts the result in place once it has passed its checks.
"""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from knowledge_base.index import conversion, e5_adapter, e5_file
from knowledge_base.index.conversion import ConversionError, write_json
from knowledge_base.index.e5_file import WeightFile

log = logging.getLogger(__name__)

NAME = "e5-small"
FORMAT = 4  # raise it when what is written changes: every installation then converts anew
PROMPTS = {"query": "query: ", "document": "passage: "}
MAX_TOKENS = 512
TOLERANCE = 1e-4  # the largest difference of a vector's component that still counts as the same vector
INT8_COSINE = 0.98  # what 8-bit weights may cost

_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING = {
    "emb.word": "word_embeddings.weight",
    "emb.pos": "position_embeddings.weight",
    "emb.type": "token_type_embeddings.weight",
    "emb.ln.w": "LayerNorm.weight",
    "emb.ln.b": "LayerNorm.bias",
}


def ensure_converted(models_dir: Path) -> Path:
    """See `e5_file.ensure_converted`."""
    return conversion.ensure(models_dir, NAME, source(), _convert)


def source() -> dict:
    """What a conversion is made from: it is skipped when the manifest in place says the same."""
    return {
        "format": FORMAT,
        "package": f"{e5_file.PACKAGE}=={e5_file.VERSION}",
        "file": e5_file.FILE,
        "sha256": e5_file.SHA256,
        "adapter": e5_file.sha256(e5_adapter.FILE) if e5_adapter.FILE.exists() else None,
    }


def write_unadapted(folder: Path) -> None:
    """Write the encoder as it comes, as a sentence-transformers folder without graphs: what an adapter is learned on."""
    weights = WeightFile(e5_file.find_weight_file())
    write_tokenizer(weights, folder)
    write_model(weights, folder, {})
    write_parts(folder)


def _convert(folder: Path) -> None:
    from transformers.utils import logging as transformers_logging

    from knowledge_base.index import e5_check, onnx_export

    transformers_logging.set_verbosity_error()  # else it reports the unused pooler as if something were wrong
    transformers_logging.disable_progress_bar()
    log.info(
        "Converting the encoder, about half a minute. Reading %s of %s %s ...",
        e5_file.FILE,
        e5_file.PACKAGE,
        e5_file.VERSION,
    )
    weights = WeightFile(e5_file.find_weight_file())
    log.info("Writing the sentence-transformers folder ...")
    write_tokenizer(weights, folder)
    write_model(weights, folder, e5_adapter.read())
    write_parts(folder)
    _write_licences(folder)
    e5_check.check_tokens(folder)
    log.info("Exporting the ONNX graphs ...")
    onnx_export.export(folder)
    log.info("Checking the vectors of torch, ONNX and ONNX in 8 bits ...")
    e5_check.check_vectors(folder, TOLERANCE, INT8_COSINE)


def write_tokenizer(weights: WeightFile, folder: Path) -> None:
    """Write `tokenizer.json`, which gives the token ids of the original model, and its settings."""
    blanked = [*range(0x200B, 0x2010), 9, 0xA, 0xC, 0xD, 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD]
    removed = [*range(1, 9), 0xB, *range(0xE, 0x20), 0x7F, 0x8F, 0x9F]

    def any_of(codes: list[int]) -> str:
        return "[" + "".join(f"\\x{{{code:X}}}" for code in codes) + "]"

    names = {"<s>": "bos", "<pad>": "pad", "</s>": "eos", "<unk>": "unk"}
    last = len(weights.pieces) - 1
    tokens = {text: weights.special[name] for text, name in names.items()} | {"<mask>": last}
    for text, token_id in tokens.items():
        if weights.pieces[token_id][0] != text:
            raise ConversionError(f"Piece {token_id} is {weights.pieces[token_id][0]!r}, expected {text!r}.")
    special = {name: {"id": name, "ids": [tokens[name]], "tokens": [name]} for name in ("<s>", "</s>")}
    frame = {"Sequence": {"id": "A", "type_id": 0}}
    start, end = ({"SpecialToken": {"id": name, "type_id": 0}} for name in special)
    pair = [start, frame, end, end, {"Sequence": {"id": "B", "type_id": 0}}, end]
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": token_id, "content": text, "single_word": False, "lstrip": text == "<mask>", "rstrip": False,
             "normalized": False, "special": True}
            for text, token_id in sorted(tokens.items(), key=lambda item: item[1])
        ],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "Replace", "pattern": {"Regex": any_of(removed)}, "content": ""},
                {"type": "Replace", "pattern": {"Regex": any_of(blanked)}, "content": " "},
                {"type": "NFKC"},
                {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
            ],
        },
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing", "single": [start, frame, end], "pair": pair, "special_tokens": special,
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "model": {
            "type": "Unigram", "unk_id": weights.special["unk"], "vocab": weights.pieces, "byte_fallback": False,
        },
    }  # fmt: skip
    write_json(folder / "tokenizer.json", tokenizer, indent=None)
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": MAX_TOKENS,
        "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>",
        "unk_token": "<unk>", "pad_token": "<pad>", "mask_token": "<mask>",
    }  # fmt: skip
    write_json(folder / "tokenizer_config.json", settings)


def write_model(weights: WeightFile, folder: Path, additions: dict[str, np.ndarray]) -> None:
    """Write `model.safetensors` and `config.json` of a BertModel; the pooler, which is not used, is nought.

    additions: what `e5_adapter.read` gives, added to the weights that it names.
    """
    from safetensors.numpy import save_file

    shape = weights.shape
    rows = {
        "emb.word": shape.vocabulary, "emb.pos": shape.positions, "emb.type": shape.types,
        "q": shape.hidden, "k": shape.hidden, "v": shape.hidden, "ao": shape.hidden,
        "fi": shape.feed_forward, "fo": shape.hidden,
    }  # fmt: skip
    state = {f"embeddings.{target}": weights.tensor(name, rows.get(name)) for name, target in _EMBEDDING.items()}
    for layer in range(shape.layers):
        for part, target in _LAYER.items():
            stem = f"encoder.layer.{layer}.{target}"
            weight = weights.tensor(f"l{layer}.{part}.w", rows.get(part))
            addition = additions.get(f"{layer}.{part}")
            state[f"{stem}.weight"] = weight if addition is None else weight + addition
            state[f"{stem}.bias"] = weights.tensor(f"l{layer}.{part}.b")
    state["pooler.dense.weight"] = np.zeros((shape.hidden, shape.hidden), np.float32)
    state["pooler.dense.bias"] = np.zeros(shape.hidden, np.float32)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute",
        "hidden_size": shape.hidden, "num_hidden_layers": shape.layers, "num_attention_heads": shape.heads,
        "intermediate_size": shape.feed_forward, "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions, "type_vocab_size": shape.types, "layer_norm_eps": 1e-12,
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "initializer_range": 0.02,
        "pad_token_id": weights.special["pad"], "torch_dtype": "float32",
    }  # fmt: skip
    write_json(folder / "config.json", config)


def write_parts(folder: Path) -> None:
    """Write what makes the folder a sentence-transformers model: transformer, mean pooling, unit length, prompts."""
    path = "sentence_transformers.models."
    parts = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    modules = [{"idx": i, "name": str(i), "path": at, "type": path + kind} for i, (at, kind) in enumerate(parts)]
    write_json(folder / "modules.json", modules)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False})
    pooling = {"word_embedding_dimension": 384, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    write_json(folder / "1_Pooling" / "config.json", pooling)
    (folder / "2_Normalize").mkdir(exist_ok=True)
    settings = {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"}
    write_json(folder / "config_sentence_transformers.json", settings)


def _write_licences(folder: Path) -> None:
    text = Path(__file__).with_name("e5_licences.txt").read_text(encoding="utf-8")
    (folder / "LICENCES.txt").write_text(text, encoding="utf-8")
