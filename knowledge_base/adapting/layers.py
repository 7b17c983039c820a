"""The last layers of the encoder with low-rank additions that can be learned, and sentences' vectors out of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from knowledge_base.index.e5_adapter import PARTS

_DROPPED = 0.05
_STRENGTH = 2.0
_BATCH = 64


class LowRank(torch.nn.Module):
    """A linear layer that stays as it is, plus `up @ down` of its input; nothing is added before anything was learned."""

    def __init__(self, linear: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear.requires_grad_(False)
        self.down = torch.nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(linear.out_features, rank))
        self.dropout = torch.nn.Dropout(_DROPPED)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(..., in) → (..., out)."""
        return self.linear(inputs) + (self.dropout(inputs) @ self.down.T) @ self.up.T * _STRENGTH


class LastLayers(torch.nn.Module):
    """The layers from `first` on of the encoder in `model_folder`, adapted by additions of `rank`."""

    def __init__(self, model_folder: Path, first: int, rank: int) -> None:
        super().__init__()
        from transformers import BertModel

        model = BertModel.from_pretrained(model_folder, add_pooling_layer=False)
        self.first, self.layers = first, model.encoder.layer[first:].requires_grad_(False)
        for layer in self.layers:
            for path in PARTS.values():
                owner, _, name = path.rpartition(".")
                parent = layer.get_submodule(owner)
                setattr(parent, name, LowRank(getattr(parent, name), rank))

    def learned(self) -> list[torch.nn.Parameter]:
        """What training changes."""
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def factors(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """`"8.q"` → (down, up), as `e5_adapter.write` takes them."""
        found = {}
        for number, layer in enumerate(self.layers, self.first):
            for part, path in PARTS.items():
                module = layer.get_submodule(path)
                found[f"{number}.{part}"] = (module.down.detach().numpy(), module.up.detach().numpy() * _STRENGTH)
        return found

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The unit vectors (n, hidden) of `states` (n, tokens, hidden); `mask` (n, tokens) is 1 where there is a token."""
        unseen = (1 - mask)[:, None, None, :] * -1e9
        for layer in self.layers:
            found = layer(states, unseen)
            states = found[0] if isinstance(found, tuple) else found
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        return torch.nn.functional.normalize(mean, dim=1)

    def vectors(self, states: Sequence[np.ndarray]) -> np.ndarray:
        """(len(states), hidden) float32, nothing dropped."""
        self.eval()
        found: list[np.ndarray] = [np.empty(0)] * len(states)
        order = sorted(range(len(states)), key=lambda at: len(states[at]))
        with torch.inference_mode():
            for start in range(0, len(order), _BATCH):
                part = order[start : start + _BATCH]
                for at, vector in zip(part, self(*batch([states[at] for at in part])).numpy()):
                    found[at] = vector
        return np.stack(found)


def batch(
    states: Sequence[np.ndarray], dropped: float = 0.0, random: np.random.Generator | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """States of several texts side by side and their mask; with `random` a share of the tokens is hidden, as slips hide words."""
    longest, hidden = max(map(len, states)), states[0].shape[1]
    padded = np.zeros((len(states), longest, hidden), np.float32)
    mask = np.zeros((len(states), longest), np.float32)
    for row, state in enumerate(states):
        padded[row, : len(state)] = state
        mask[row, : len(state)] = 1
        if random is not None and len(state) > 6:
            hide = random.random(len(state)) < dropped
            hide[:3] = False  # the start and "query:"
            mask[row, : len(state)][hide] = 0
    return torch.from_numpy(padded), torch.from_numpy(mask)
