"""What the layers on the way make of a question, for the scope gate: docs/decisions/0019-inner-layers.md.

An encoder's last layer has learned to forget what does not tell one customs question from another: who is spoken to, what is wanted, the
tone. Layers before it still know, and their vectors come with the same pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

# Early, middle and late, as shares of the depth: layers 2, 6 and 10 of twelve.
AT = (1 / 6, 1 / 2, 5 / 6)


def beside(layers: Sequence[torch.Tensor], mask: torch.Tensor) -> torch.Tensor:
    """(texts, 3 d) three unit vectors of `layers`, the embedding and what each layer made of it (texts, tokens, d), one behind the other."""
    import torch

    chosen = [round(share * (len(layers) - 1)) for share in AT]
    return torch.cat([pooled(layers[number], mask) for number in chosen], dim=1)


def pooled(layer: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """(texts, d) the mean of the tokens (texts, tokens, d) that `mask` (texts, tokens) has, of length 1."""
    import torch

    wide = mask.unsqueeze(-1).to(layer.dtype)
    mean = (layer * wide).sum(1) / wide.sum(1).clamp(min=1e-9)
    return torch.nn.functional.normalize(mean, p=2, dim=1)
