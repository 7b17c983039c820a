"""The lesson: every question must find its entry by the other questions, scored as the search scores."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from knowledge_base.adapting.banks import LearningBank
from knowledge_base.adapting.layers import LastLayers, batch
from knowledge_base.adapting.texts import Item

_BATCH = 48
_WARM_UP = 50
_TEMPERATURE = 0.08  # of the scores, as in the ranking
_SMOOTHING = 0.02
_HIDDEN = 0.08  # share of the tokens
_TOLD_EVERY = 50


@dataclass(frozen=True)
class Settings:
    """epochs: how often every text is learned from; rate: of learning, at its highest; keep: what it costs to leave the first vectors.

    Without the last the encoder forgets what it knew of words that no pack has.
    """

    epochs: float = 1.5
    rate: float = 5e-4
    keep: float = 1.0
    seed: int = 0


def train(
    layers: LastLayers,
    items: Sequence[Item],
    states: Sequence[np.ndarray],
    settings: Settings,
    say: Callable[[str], None] = print,
) -> None:
    """Let `layers` learn from `items`, whose `states` go into them."""
    torch.manual_seed(settings.seed)
    random = np.random.default_rng(settings.seed)
    first = layers.vectors(states)
    banks, own = _banks(items, first)
    sizes = Counter(item.administration for item in items)
    steps = max(1, round(sum(-(-size // _BATCH) for size in sizes.values()) * settings.epochs))
    learner = torch.optim.AdamW(layers.learned(), lr=settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        learner, lambda at: min((at + 1) / _WARM_UP, max(0.02, 1 - at / steps))
    )
    layers.train()
    losses: list[tuple[float, float, float]] = []
    while len(losses) < steps:
        rounds = [(name, part) for name, parts in _batches(items, states, random).items() for part in parts]
        random.shuffle(rounds)
        for name, part in rounds[: steps - len(losses)]:
            bank, numbers = banks[name], [own[at] for at in part]
            entry = torch.tensor([items[at].entry for at in part])
            vectors = layers(*batch([states[at] for at in part], _HIDDEN, random))
            placed = bank.place(vectors)
            logits = bank.scores(placed, numbers, entry) / _TEMPERATURE
            kept = (vectors * torch.from_numpy(first[part])).sum(1).mean()
            loss = torch.nn.functional.cross_entropy(logits, entry, label_smoothing=_SMOOTHING) + settings.keep * (
                1 - kept
            )
            learner.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(layers.learned(), 1.0)
            learner.step()
            schedule.step()
            with torch.no_grad():
                bank.follow(placed, numbers, entry)
            losses.append((loss.item(), (logits.argmax(1) == entry).float().mean().item(), kept.item()))
            if len(losses) % _TOLD_EVERY == 0 or len(losses) == steps:
                lost, right, alike = np.mean(losses[-_TOLD_EVERY:], axis=0)
                say(
                    f"step {len(losses)} of {steps}: loss {lost:.3f}, found first {right:.3f}, cosine to before {alike:.4f}"
                )
    layers.eval()


def _banks(items: Sequence[Item], vectors: np.ndarray) -> tuple[dict[str, LearningBank], list[int | None]]:
    """The bank of each administration, and the number of every item among its questions, None for an answer."""
    own: list[int | None] = [None] * len(items)
    banks = {}
    for name in dict.fromkeys(item.administration for item in items):
        asked = [at for at, item in enumerate(items) if item.administration == name and not item.is_answer]
        answers = [at for at, item in enumerate(items) if item.administration == name and item.is_answer]
        for number, at in enumerate(asked):
            own[at] = number
        owner = np.array([items[at].entry for at in asked])
        banks[name] = LearningBank(vectors[asked], owner, vectors[sorted(answers, key=lambda at: items[at].entry)])
    return banks, own


def _batches(
    items: Sequence[Item], states: Sequence[np.ndarray], random: np.random.Generator
) -> dict[str, list[np.ndarray]]:
    """Numbers of items, of one administration and of about one length, which are quick to compute together."""
    found = {}
    for name in dict.fromkeys(item.administration for item in items):
        mine = random.permutation([at for at, item in enumerate(items) if item.administration == name])
        lengths = np.array([len(states[at]) for at in mine]) + random.integers(0, 6, len(mine))
        mine = mine[np.argsort(lengths, kind="stable")]
        found[name] = [mine[start : start + _BATCH] for start in range(0, len(mine), _BATCH)]
    return found
