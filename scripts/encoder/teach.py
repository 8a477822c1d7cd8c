#!/usr/bin/env python3
"""Lets the original encoder teach intents to the linear model.

    apt-get install python3-torch
    parley train pool --data DATA > pool.jsonl
    scripts/encoder/teach.py --dist "$(scripts/encoder/weights.sh)" --pool pool.jsonl --out DATA/taught/intent.bin

A small network reads the sentence as the encoder, with the weights that it
came with, has it; it learns from the training posts and then says of every
text of the pool how likely each intent is. It does so six times: once for
each fold of cross-validation, from the posts outside of that fold, so that
what is said there knows nothing of the fold; and once from all posts. What is
written: for each of the six, a byte for every text and intent (255 is sure).
"""

import argparse
import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from network import Encoder, read_all

FOLDS = 5
LABELS = 10
INNER = 256
EPOCHS = 20
BATCH = 64
RATE = 2e-3


def learn(x, y):
    torch.manual_seed(1)
    model = nn.Sequential(nn.Dropout(0.3), nn.Linear(x.shape[1], INNER), nn.ReLU(), nn.Dropout(0.3), nn.Linear(INNER, LABELS))
    balance = ((1 - y).sum(0) / y.sum(0)) ** 0.5
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    model.train()
    for epoch in range(EPOCHS):
        for some in torch.randperm(len(x)).split(BATCH):
            loss = F.binary_cross_entropy_with_logits(model(x[some]), y[some], pos_weight=balance)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = RATE * (1 - (epoch + 1) / EPOCHS)
    return model.eval()


@torch.no_grad()
def say(model, x):
    return torch.cat([torch.sigmoid(model(some.float())) for some in x.split(4096)]).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dist", required=True, help="folder of the original weights")
    parser.add_argument("--pool", required=True, help="what parley train pool printed")
    parser.add_argument("--out", required=True)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    with open(args.pool, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    posts = [r for r in rows if "labels" in r]
    x = torch.from_numpy(read_all(Encoder(args.dist), [r["ids"] for r in rows]))
    own, pool = x[: len(posts)].float(), x[len(posts) :]
    y = torch.tensor([[r["labels"] >> k & 1 for k in range(LABELS)] for r in posts], dtype=torch.float32)
    fold = torch.tensor([r["from"] for r in posts]) % FOLDS
    out = pathlib.Path(args.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with open(out, "wb") as file:
        for f in range(FOLDS + 1):
            known = fold != f  # all of them, the last time
            model = learn(own[known], y[known])
            file.write(numpy.rint(255 * say(model, pool)).astype(numpy.uint8).tobytes())
            if f < FOLDS:
                p, right = say(model, own[~known]) >= 0.4, y[~known].numpy()
                f1 = 2 * (p * right).sum(0) / numpy.maximum(1, p.sum(0) + right.sum(0))
                print(f"fold {f}: macro F1 {f1.mean():.3f}", flush=True)


if __name__ == "__main__":
    main()
