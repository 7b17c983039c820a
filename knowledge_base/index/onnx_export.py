"""Export a sentence-transformers BERT folder to ONNX: one graph from token ids to unit vectors, in 32-bit floats and 8 bits."""

from __future__ import annotations

import warnings
from pathlib import Path

from knowledge_base.index import inner_layers

FP32 = "onnx/model.onnx"
INT8 = "onnx/model_int8.onnx"
DATA = "model.onnx.data"
OPSET = 17
VECTOR, INNER = "sentence_embedding", "inner"


def export(folder: Path) -> None:
    """Write `onnx/model.onnx` (weights beside it, in `model.onnx.data`) and `onnx/model_int8.onnx` into `folder`."""
    fp32 = folder / FP32
    fp32.parent.mkdir(exist_ok=True)
    _export_fp32(folder, fp32)
    _quantise(fp32, folder / INT8)


def _export_fp32(folder: Path, path: Path) -> None:
    import onnx
    import torch
    from transformers import BertModel

    class Graph(torch.nn.Module):
        """The network with mean pooling and unit length inside, so that run time needs no torch for them."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = BertModel.from_pretrained(folder, attn_implementation="eager", add_pooling_layer=False)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            layers = self.bert(input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True).hidden_states
            vector = inner_layers.pooled(layers[-1], attention_mask)
            return vector, inner_layers.beside(layers, attention_mask)

    ids = torch.tensor([[0, 41, 1294, 12, 2], [0, 41, 2, 1, 1]])
    axes = {0: "texts", 1: "tokens"}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer's remarks on shapes; e5_check looks at other shapes instead
        torch.onnx.export(
            Graph().eval(),
            (ids, (ids != 1).long()),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=[VECTOR, INNER],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, VECTOR: {0: "texts"}, INNER: {0: "texts"}},
        )
    # Weights in a file of their own are mapped, not read: of the word table (384 MB) only the rows in use take memory.
    model = onnx.load(path)
    onnx.save_model(model, path, save_as_external_data=True, location=DATA, size_threshold=1024)


def _quantise(fp32: Path, int8: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # Seven bits of the eight: on processors without VNNI, sums of two full products overflow their 16 bits and are cut.
    quantize_dynamic(fp32, int8, per_channel=True, weight_type=QuantType.QInt8, reduce_range=True)
