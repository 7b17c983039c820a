"""Teaching the encoder: what is learned is what the search uses, and lies in the file that the conversion reads."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from customs.settings import ROOT
from knowledge_base.adapting.banks import LearningBank
from knowledge_base.adapting.layers import LastLayers, batch
from knowledge_base.adapting.texts import Item, states_below
from knowledge_base.adapting.training import Settings, train
from knowledge_base.index import e5_adapter, e5_convert, e5_file, ranking
from knowledge_base.index.ranking import Bank, rank

MODEL = ROOT / "models" / "e5-small"
FIRST = 10
QUESTIONS = {
    0: ["how much wine may i bring", "wine limit", "vin autorisé en bagage", "bottles of red allowed"],
    1: ["cash to declare", "carrying ten thousand in notes", "declarar dinero", "money limit at the airport"],
    2: ["can my dog come along", "pet passport", "мой кот летит со мной", "bringing a puppy"],
}
ANSWERS = [
    "Four litres of still wine are free.",
    "Declare 10,000 or more in cash.",
    "A dog needs a chip and a vaccine.",
]
ITEMS = [Item("xx", entry, text) for entry, asked in QUESTIONS.items() for text in asked] + [
    Item("xx", entry, text, is_answer=True) for entry, text in enumerate(ANSWERS)
]


@pytest.fixture(scope="module")
def states():
    return states_below(MODEL, FIRST, [(item.text, item.is_answer) for item in ITEMS])


@pytest.fixture()
def layers():
    torch.manual_seed(0)
    return LastLayers(MODEL, FIRST, rank=4)


def unit(shape, seed):
    vectors = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_before_anything_is_learned_the_vectors_are_the_encoders(layers, states):
    from sentence_transformers import SentenceTransformer

    whole = SentenceTransformer(str(MODEL), device="cpu", local_files_only=True)
    expected = whole.encode(["query: " + item.text for item in ITEMS[:12]], show_progress_bar=False)
    np.testing.assert_allclose(layers.vectors(states)[:12], expected, atol=2e-3)


def test_vectors_depend_on_neither_neighbours_nor_padding(layers, states):
    together = layers.vectors(states)
    alone = np.concatenate([layers.vectors([state]) for state in states])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_hidden_tokens_never_are_the_prompt():
    states = [np.ones((30, 8), np.float16)]
    mask = batch(states, 1.0, np.random.default_rng(0))[1]
    assert mask[0, :3].tolist() == [1, 1, 1] and mask[0, 3:].sum() == 0


def test_a_bank_scores_as_the_search_does():
    questions, owner, answers = unit((30, 16), 1), np.arange(30) % 6, unit((6, 16), 2)
    asked = unit((1, 16), 3)
    ranking = rank(Bank.build(questions, owner, answers).compare(asked[0]), np.zeros(6, np.float32))
    bank = LearningBank(questions, owner, answers)
    scores = bank.scores(bank.place(torch.from_numpy(asked)), [None], torch.tensor([0]))
    np.testing.assert_allclose(scores[0].numpy()[ranking.entries], ranking.score, atol=1e-5)


def test_a_question_does_not_find_its_entry_by_itself():
    questions, owner, answers = unit((12, 16), 1), np.arange(12) // 4, unit((3, 16), 2)
    bank = LearningBank(questions, owner, answers)
    placed = bank.place(torch.from_numpy(questions[:1]))
    with_itself = bank.scores(placed, [None], torch.tensor([0]))
    without = bank.scores(placed, [0], torch.tensor([0]))
    assert without[0, 0] < with_itself[0, 0] and torch.equal(without[0, 1:], with_itself[0, 1:])


def test_the_bank_follows_what_the_encoder_has_become():
    questions, owner, answers = unit((12, 16), 1), np.arange(12) // 4, unit((3, 16), 2)
    bank = LearningBank(questions, owner, answers)
    moved = torch.from_numpy(unit((1, 16), 9))
    before = bank.scores(moved, [None], torch.tensor([0]))[0, 0]
    bank.follow(moved, [0], torch.tensor([0]))
    assert bank.scores(moved, [None], torch.tensor([0]))[0, 0] > before


def test_what_was_learned_is_merged_as_it_was_learned(layers, states, tmp_path):
    said = []
    train(layers, ITEMS, states, Settings(epochs=30, rate=2e-3), said.append)
    assert said and "of 30" in said[-1]
    path = tmp_path / "adapter.npz"
    e5_adapter.write(path, layers.factors())
    additions = e5_adapter.read(path)
    folder = tmp_path / "model"
    folder.mkdir()
    weights = e5_file.WeightFile(e5_file.find_weight_file())
    already = e5_adapter.read()
    merged = {name: already.get(name, 0) + additions.get(name, 0) for name in already.keys() | additions.keys()}
    e5_convert.write_tokenizer(weights, folder)
    e5_convert.write_model(weights, folder, merged)
    texts = [(item.text, item.is_answer) for item in ITEMS]
    whole = LastLayers(folder, FIRST, rank=1).vectors(states_below(folder, FIRST, texts))
    np.testing.assert_allclose(whole, layers.vectors(states), atol=5e-3)
    assert np.abs(whole - LastLayers(MODEL, FIRST, rank=1).vectors(states)).max() > 0.02, "something was learned"


def test_learning_puts_the_entry_of_a_question_before_the_others(layers, states, monkeypatch):
    monkeypatch.setattr(ranking, "SHRINKAGE", 1e6)  # the scatter of a dozen texts, evened out, tells them apart by itself
    # Entries that no encoder would make: one of each subject in each.
    mixed = [replace(item, entry=number % 3) for number, item in enumerate(ITEMS)]
    owner = torch.tensor([item.entry for item in mixed[:12]])

    def margin():
        vectors = layers.vectors(states)
        bank = LearningBank(vectors[:12], owner.numpy(), vectors[12:])
        scores = bank.scores(bank.place(torch.from_numpy(vectors[:12])), range(12), owner)
        own = scores.gather(1, owner[:, None])[:, 0]
        return (own - scores.scatter(1, owner[:, None], -9.0).max(1).values).mean().item()

    before = margin()
    train(layers, mixed, states, Settings(epochs=60, rate=2e-3, keep=0.0), lambda line: None)
    assert before < 0 < margin()
