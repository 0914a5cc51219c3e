#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Recomputes a training run's figures from its raw step times and compares.

Reads <rank>_output.json, <rank>_per_epoch_stats.json and summary.json of a result folder and derives
AU and throughput anew by DLIO's formulas, from plain lists, knowing nothing of the Java code. With
--dataset, loads every .npz below the folder with NumPy and checks the sizes it was told.

Exit code 0 and one line per check if everything agrees, 1 otherwise.
"""

import argparse
import datetime
import glob
import json
import os
import sys

problems = []


def check(what, found, expected, tolerance):
    good = abs(found - expected) <= tolerance * max(1.0, abs(expected))
    print(f"{'ok  ' if good else 'BAD '} {what}: found {found:.6f}, recomputed {expected:.6f}")
    if not good:
        problems.append(what)


def seconds_between(span):
    start = datetime.datetime.fromisoformat(span["start"])
    end = datetime.datetime.fromisoformat(span["end"])
    return (end - start).total_seconds()


def block_figures(compute, proc, wall, steps, batch, head, tail):
    total = wall - sum(proc[:head]) - sum(proc[steps - tail:])
    window = sum(compute[head:steps - tail])
    au = 100 * window / total if window else 0.0
    return au, (len(compute) - 2) / total * batch


def check_results(folder, batch, steps, head, tail):
    with open(os.path.join(folder, "summary.json"), encoding="utf-8") as file:
        summary = json.load(file)
    ranks = summary["num_accelerators"]
    epochs = summary["epochs"]
    au_sum = [0.0] * epochs
    throughput_sum = [0.0] * epochs
    for rank in range(ranks):
        with open(os.path.join(folder, f"{rank}_output.json"), encoding="utf-8") as file:
            output = json.load(file)
        with open(os.path.join(folder, f"{rank}_per_epoch_stats.json"), encoding="utf-8") as file:
            stats = json.load(file)
        for epoch in range(1, epochs + 1):
            values = output[str(epoch)]
            load, proc, compute = (values[name]["block1"] for name in ("load", "proc", "compute"))
            if not len(load) == len(proc) == len(compute) == steps:
                problems.append(f"rank {rank} epoch {epoch}: {len(load)} steps, expected {steps}")
            for l, p, c in zip(load, proc, compute):
                if p + 1e-9 < l + c:
                    problems.append(f"rank {rank} epoch {epoch}: proc {p} < load {l} + compute {c}")
            wall = seconds_between(stats[str(epoch)]["block1"])
            au, throughput = block_figures(compute, proc, wall, steps, batch, head, tail)
            check(f"rank {rank} epoch {epoch} au", values["au"]["block1"], au, 1e-3)
            check(f"rank {rank} epoch {epoch} throughput", values["throughput"]["block1"], throughput, 1e-3)
            au_sum[epoch - 1] += au
            throughput_sum[epoch - 1] += throughput
    metric = summary["metric"]
    for epoch in range(epochs):
        check(f"epoch {epoch + 1} au", metric["train_au_percentage"][epoch], au_sum[epoch] / ranks, 1e-3)
        check(f"epoch {epoch + 1} throughput", metric["train_throughput_samples_per_second"][epoch],
              throughput_sum[epoch], 1e-3)
    check("mean au", metric["train_au_mean_percentage"], sum(au_sum) / ranks / epochs, 1e-3)
    check("mean throughput", metric["train_throughput_mean_samples_per_second"],
          sum(throughput_sum) / epochs, 1e-3)


def check_dataset(folder, dims):
    import numpy

    files = sorted(glob.glob(os.path.join(folder, "**", "*.npz"), recursive=True))
    rng = numpy.random.RandomState(10)
    sides = None
    if dims:
        record_length, stdev = dims
        mean = int(numpy.sqrt(record_length))
        sides = rng.normal(mean, stdev / 2 / numpy.sqrt(record_length), 2 * len(files))
        sides = [max(int(side), 1) for side in sides]
    for number, name in enumerate(files):
        with numpy.load(name) as archive:
            x, y = archive["x"], archive["y"]
            if y.dtype != numpy.int64 or y.any() or y.shape != (x.shape[-1],):
                problems.append(f"{name}: labels {y.dtype} {y.shape}")
            if sides and x.shape[:2] != (sides[2 * number], sides[2 * number + 1]):
                problems.append(f"{name}: shape {x.shape}, expected {sides[2 * number:2 * number + 2]}")
    print(f"loaded {len(files)} npz files with NumPy {numpy.__version__}")
    if not files:
        problems.append(f"no npz file below {folder}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="result folder")
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--steps", type=int, required=True, help="steps per epoch and rank")
    parser.add_argument("--exclude-start", type=int, default=1)
    parser.add_argument("--exclude-end", type=int, default=0)
    parser.add_argument("--dataset", help="dataset folder to load with NumPy")
    parser.add_argument("--record-length", type=float, nargs=2, metavar=("MEAN", "STDEV"))
    arguments = parser.parse_args()
    check_results(arguments.folder, arguments.batch, arguments.steps,
                  arguments.exclude_start, arguments.exclude_end)
    if arguments.dataset:
        check_dataset(arguments.dataset, arguments.record_length)
    for problem in problems:
        print("PROBLEM", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
