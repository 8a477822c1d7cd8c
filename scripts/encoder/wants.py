#!/usr/bin/env python3
"""Trains the head of intents on the encoder's features.

    parley train pool --data DATA > pool.jsonl
    scripts/encoder/teach.py --dist "$DIST" --pool pool.jsonl --out DATA/taught/intent.bin
    scripts/encoder/wants.py --dist "$DIST" --encoder analyze/encoder/encoder-1.bin --pool pool.jsonl \\
        --taught DATA/taught/intent.bin --out analyze/encoder/wants-2.bin --held DATA/taught/wants.bin

DIST is what scripts/encoder/weights.sh prints. The encoder itself stays as it
is. The head learns the intents of the training posts, and from their variants
what the teacher said of them. It does so once for each fold of
cross-validation, without the fold's posts and their variants, and once with
all. --held gets, as little-endian float32, what the five said of the posts
that they had not seen: parley train finds in it how the head is best blended
with the linear model.
"""

import argparse
import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from network import WIDTH, Encoder, read_all

FOLDS = 5
LABELS = 10
INNER = 96
EPOCHS = 12
BATCH = 256
RATE = 4e-3
VARIANT = 0.4  # what a variant of a post counts for


def learn(x, y, weight):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Linear(3 * WIDTH, INNER), nn.ReLU(), nn.Dropout(0.3), nn.Linear(INNER, LABELS))
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    x = x.bfloat16()
    model.train()
    for epoch in range(EPOCHS):
        for some in torch.randperm(len(x)).split(BATCH):
            with torch.autocast("cpu", torch.bfloat16):
                z = model(F.dropout(x[some], 0.3))
            loss = F.binary_cross_entropy_with_logits(z.float(), y[some], weight=weight[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - (epoch + 1) / EPOCHS)
    return model.eval()


def platt(z, y):
    """Slope and shift that make of a logit the likelihood that it speaks of."""
    a, b = torch.ones(LABELS, requires_grad=True), torch.zeros(LABELS, requires_grad=True)
    search = torch.optim.LBFGS([a, b], max_iter=100)

    def step():
        search.zero_grad()
        loss = F.binary_cross_entropy_with_logits(a * z + b, y)
        loss.backward()
        return loss

    search.step(step)
    return a.detach(), b.detach()


def write(model, slope, shift, path):
    """The format is described in analyze/encoder/wants.go."""
    w = model[0].weight.detach().numpy()
    scale = numpy.maximum(numpy.abs(w).max(1) / 127, 1e-9).astype("<f4")
    with open(path, "wb") as out:
        out.write(b"parley wants 1\n")
        out.write(scale.tobytes())
        out.write(numpy.clip(numpy.rint(w / scale[:, None]), -127, 127).astype(numpy.int8).tobytes())
        out.write(model[0].bias.detach().numpy().astype("<f4").tobytes())
        out.write((slope[:, None] * model[3].weight).detach().numpy().astype("<f4").tobytes())
        out.write((slope * model[3].bias + shift).detach().numpy().astype("<f4").tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", required=True, help="folder of the original weights; their shape is needed")
    parser.add_argument("--encoder", required=True, help="the weights that the program carries")
    parser.add_argument("--pool", required=True, help="what parley train pool printed")
    parser.add_argument("--taught", required=True, help="what teach.py wrote")
    parser.add_argument("--out", required=True)
    parser.add_argument("--held", required=True)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with open(args.pool, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    posts = [r for r in rows if "labels" in r]
    pool = rows[len(posts) :]
    said = numpy.fromfile(args.taught, numpy.uint8)
    if said.size != (FOLDS + 1) * len(pool) * LABELS:
        raise SystemExit(f"{args.taught} is of another pool than {args.pool}")
    said = torch.from_numpy(said.reshape(FOLDS + 1, len(pool), LABELS)).float() / 255
    variants = [i for i, r in enumerate(pool) if r["from"] >= 0]
    said = said[:, variants]
    encoder = Encoder(args.dist)
    encoder.unpack(args.encoder)
    x = torch.from_numpy(read_all(encoder, [r["ids"] for r in posts + [pool[i] for i in variants]])).float()
    y = torch.tensor([[r["labels"] >> k & 1 for k in range(LABELS)] for r in posts], dtype=torch.float32)
    fold = torch.tensor([r["from"] % FOLDS for r in posts + [pool[i] for i in variants]])
    held = torch.zeros(len(posts), LABELS)
    for f in range(FOLDS + 1):
        known = fold != f  # all of them, the last time
        balance = ((1 - y).sum(0) / y.sum(0)) ** 0.5
        weight = torch.cat([1 + (balance - 1) * y, torch.full_like(said[f], VARIANT)])
        model = learn(x[known], torch.cat([y, said[f]])[known], weight[known])
        if f < FOLDS:
            mine = torch.arange(len(posts)) % FOLDS == f
            with torch.no_grad():
                held[mine] = model(x[: len(posts)][mine])
    slope, shift = platt(held, y)
    held = torch.sigmoid(slope * held + shift)
    given, right = (held >= 0.35).numpy(), y.numpy()
    f1 = 2 * (given * right).sum(0) / numpy.maximum(1, given.sum(0) + right.sum(0))
    print(f"the head alone, in cross-validation: macro F1 {f1.mean():.3f}")
    pathlib.Path(args.held).parent.mkdir(parents=True, exist_ok=True)
    held.numpy().astype("<f4").tofile(args.held)
    write(model, slope, shift, args.out)


if __name__ == "__main__":
    main()
