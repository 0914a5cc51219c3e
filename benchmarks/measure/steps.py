# SPDX-License-Identifier: Apache-2.0
"""What a step costs when there is next to nothing to read: barrier and AU error."""

import pathlib
import statistics
import subprocess

from . import floor, program, rounds

RANKS = (1, 8, 32)
COMPUTE_SECONDS = 0.05


def _beside_load_and_compute(run, ranks, steps):
    """Microseconds of a step that are neither load nor compute: barrier and bookkeeping."""
    passes = run.steady_passes()
    values = []
    for rank in range(ranks):
        output = run.read(f"{rank}_output.json")
        for one in passes:
            times = output[str(one["epoch"])]
            known = sum(times["load"]["block1"]) + sum(times["compute"]["block1"])
            values.append(1e6 * (one["duration_seconds"] - known) / steps)
    return statistics.median(values)


def _floor(binary, ranks, steps, compute_seconds):
    """Seconds of a step and percent of it spent in compute, of threads at a plain barrier."""
    result = subprocess.run(
        [str(binary), str(ranks), str(steps), str(int(1e9 * compute_seconds))],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(word) for word in result.stdout.split()]


def steps(options):
    """Barrier and AU for 1, 8 and 32 accelerators."""
    work = pathlib.Path(options.dir)
    data = work / "tiny"
    settings = {
        "dataset.data_folder": data,
        "dataset.format": "npy",
        "dataset.record_dims": "[64]",
        "dataset.num_files_train": max(RANKS) * options.steps,
        "reader.batch_size": 1,
        "reader.read_threads": 1,
        "train.total_training_steps": options.steps,
    }
    program.execute("generate", work / "out", settings)
    binary = floor.build("steps", work)
    rows = []
    for ranks in RANKS:
        figures = {name: [] for name in ("au", "step0", "rest0", "floor_au", "floor_step0")}
        for _ in range(options.rounds):
            figures["floor_au"].append(_floor(binary, ranks, options.steps, COMPUTE_SECONDS)[1])
            figures["floor_step0"].append(1e6 * _floor(binary, ranks, 5 * options.steps, 0)[0])
            settings |= {"train.epochs": 2, "train.computation_time": COMPUTE_SECONDS}
            run = program.execute("train", work / "out", settings, ranks, options.cluster)
            for one in run.steady_passes():
                figures["au"].append(one["au_percent"])
            settings |= {"train.epochs": 10, "train.computation_time": 0}
            run = program.execute("train", work / "out", settings, ranks, options.cluster)
            for one in run.steady_passes():
                figures["step0"].append(1e6 * one["duration_seconds"] / one["steps_per_rank"])
            figures["rest0"].append(_beside_load_and_compute(run, ranks, options.steps))
        median = {name: statistics.median(values) for name, values in figures.items()}
        rows.append(
            [
                ranks,
                f"{median['au']:.2f} % ({min(figures['au']):.2f} - {max(figures['au']):.2f})",
                f"{median['floor_au']:.2f} %",
                f"{median['step0']:.0f} us",
                f"{median['rest0']:.0f} us",
                f"{median['floor_step0']:.0f} us",
            ]
        )
    options.remove(data)
    rounds.table(
        ["accelerators", "AU at 50 ms", "floor", "step without compute", "of it barrier", "floor"],
        rows,
    )
