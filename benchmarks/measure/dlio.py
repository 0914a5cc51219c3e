# SPDX-License-Identifier: Apache-2.0
"""The same workload on the same files by DLIO itself, which has to be installed elsewhere."""

import os
import pathlib
import shutil
import statistics
import subprocess
from collections import namedtuple

from . import processes, program, rounds

HEADINGS = (
    ["case", "samples/s", "CPU s/GB", "CPU s, whole run", "PSS MiB"]
    + ["DLIO samples/s", "CPU s/GB", "CPU s, whole run", "PSS MiB"]
    + ["samples/s ratio", "samples per CPU s ratio", "per round"]
)

AU_HEADINGS = ["bound by", "AU %", "range", "DLIO AU %", "range", "samples/s", "DLIO samples/s", "ratio"]

MEMORY_HEADINGS = ["run", "PSS MiB", "to the first", "DLIO PSS MiB", "to the first"]

# Epochs of each side: enough for the clock, and for the compiler on ours. Half of them count.
Case = namedtuple("Case", "name format samples_per_file files loader epochs dlio_epochs")

# Few samples, in favour of DLIO: with the pytorch loader it prints its whole sample map into a
# message for each sample, which takes longer the more samples there are; one case shows that.
CASES = {
    "npz": Case("npz, 64 KiB, 256 files", "npz", 1, 256, "pytorch", 400, 12),
    "npz-many": Case("npz, 64 KiB, 2048 files", "npz", 1, 2048, "pytorch", 60, 2),
    "hdf5": Case("hdf5, 64 KiB x 4, 64 files", "hdf5", 4, 64, "pytorch", 400, 12),
    "tfrecord": Case("tfrecord, 64 KiB x 16, 256 files", "tfrecord", 16, 256, "tensorflow", 400, 8),
    "jpeg": Case("jpeg, 256 x 256, 256 files", "jpeg", 1, 256, "pytorch", 150, 12),
}

RECORD_BYTES = 65536
BATCH_SIZE = 16

Figures = namedtuple("Figures", "samples_per_second cpu_per_sample cpu_whole pss_mib")


class Dlio:
    """DLIO in the environment of one Python interpreter, started by mpirun."""

    def __init__(self, options):
        python = options.dlio_python or os.environ.get("DLIO_PYTHON")
        if not python:
            raise program.Unavailable(
                "DLIO is wanted: give the interpreter it is installed for with --dlio-python or DLIO_PYTHON"
            )
        self._python = program.require(python)
        found = subprocess.run(
            [self._python, "-c", "import importlib.util as u; print(u.find_spec('dlio_benchmark'))"],
            capture_output=True,
            text=True,
        )
        if found.returncode != 0 or found.stdout.strip() == "None":
            raise program.Unavailable(f"'{python}' has no package 'dlio_benchmark'")
        self._mpirun = [program.require("mpirun"), "--oversubscribe"]
        # Without it a rank and all its workers share one core.
        self._mpirun += ["--bind-to", "none"]
        if os.geteuid() == 0:
            self._mpirun.append("--allow-run-as-root")

    def train(self, output, settings, accelerators):
        shutil.rmtree(output, ignore_errors=True)
        pathlib.Path(output).mkdir(parents=True)
        command = self._mpirun + ["-n", str(accelerators), self._python, "-m", "dlio_benchmark.main"]
        command += [f"workload={program.WORKLOAD.stem}", *program.overrides(settings)]
        # Hydra takes its overrides in one piece, options before or after it.
        command += [f"hydra.run.dir={output}", f"--config-dir={program.WORKLOAD.parents[1]}"]
        with open(pathlib.Path(output) / "console.log", "w", encoding="utf-8") as console:
            process = subprocess.Popen(command, stdout=console, stderr=subprocess.STDOUT)
        return _watched(process, "DLIO", output)


def _ours(output, settings, accelerators):
    return _watched(program.start("train", output, settings, accelerators), "dlio-flink", output)


def _watched(process, name, output):
    """The finished run, and what its processes took."""
    tree = processes.Tree(process.pid)
    tree.start()
    before = processes.children_seconds()
    code = process.wait()
    whole = processes.children_seconds() - before
    tree.end()
    if code != 0:
        console = (pathlib.Path(output) / "console.log").read_text(encoding="utf-8")
        raise RuntimeError(f"{name} ended with {code}:\n{console[-4000:]}")
    return program.Run(output, tree), whole, tree.peak_pss_mib


def _figures(watched, case, accelerators):
    """Of the second half of the epochs, by the clocks in the files both write."""
    run, whole, pss = watched
    steady = run.steady_epochs()
    first, last = steady[0], steady[-1]
    steps = sum(len(one) for one in run.read("0_output.json")[first]["proc"].values())
    expected = case.files * case.samples_per_file // BATCH_SIZE // accelerators
    if steps != expected:
        raise RuntimeError(f"{case.name}: {steps} steps of {expected} in {run.output}")
    samples = len(steady) * steps * BATCH_SIZE * accelerators
    start, end = run.start_of(first), run.end_of(last)
    return Figures(
        samples / (end - start), run.processor_seconds(start, end) / samples, whole, pss
    )


def _settings(options, case, data):
    return {
        "framework": case.loader,
        "dataset.data_folder": data,
        "dataset.format": case.format,
        "dataset.num_files_train": case.files,
        "dataset.num_samples_per_file": case.samples_per_file,
        "dataset.record_length_bytes": RECORD_BYTES,
        "reader.data_loader": case.loader,
        "reader.batch_size": BATCH_SIZE,
        "reader.read_threads": options.threads,
        # DLIO's pytorch loader never shuffles; so nobody does.
        "reader.sample_shuffle": "off",
    }


def dlio(options):
    """Training by DLIO itself: small samples from the page cache, no compute."""
    theirs = Dlio(options)
    work = pathlib.Path(options.dir)
    chosen = list(CASES) if options.cases == "all" else options.cases.split(",")
    unknown = set(chosen) - set(CASES)
    if unknown:
        raise RuntimeError(f"no case {', '.join(unknown)}; there are {', '.join(CASES)}")
    rows = []
    try:
        for case in (CASES[name] for name in chosen):
            data = work / f"dlio-{case.format}"
            settings = _settings(options, case, data)
            program.execute("generate", work / "out", settings)

            def side(train, epochs):
                watched = train(
                    work / "out", settings | {"train.epochs": epochs}, options.accelerators
                )
                return _figures(watched, case, options.accelerators)

            figures = rounds.in_turn(
                case.name,
                options.rounds,
                {
                    "ours": lambda: side(_ours, case.epochs),
                    "dlio": lambda: side(theirs.train, case.dlio_epochs),
                },
            )
            rows.append(_row(case.name, figures["ours"], figures["dlio"]))
            options.remove(data)
    finally:
        rounds.table(HEADINGS, rows)


def _median(figures, field):
    return statistics.median(getattr(one, field) for one in figures)


def _row(name, ours, theirs):
    def cells(side):
        return [
            f"{_median(side, 'samples_per_second'):,.0f}",
            f"{_median(side, 'cpu_per_sample') * 1e9 / RECORD_BYTES:.3g}",
            f"{_median(side, 'cpu_whole'):.1f}",
            f"{_median(side, 'pss_mib'):,.0f}",
        ]

    per_round = [b.cpu_per_sample / a.cpu_per_sample for a, b in zip(ours, theirs)]
    speed = _median(ours, "samples_per_second") / _median(theirs, "samples_per_second")
    thrift = _median(theirs, "cpu_per_sample") / _median(ours, "cpu_per_sample")
    return [
        name,
        *cells(ours),
        *cells(theirs),
        f"{speed:.1f}",
        f"{thrift:.1f}",
        f"{min(per_round):.1f} - {max(per_round):.1f}",
    ]


def utilisation(options):
    """AU and throughput as DLIO defines them, of DLIO and ours: bound by compute, and by reading."""
    theirs = Dlio(options)
    work = pathlib.Path(options.dir)
    data = work / "dlio-au"
    case = CASES["npz"]._replace(files=160 * options.accelerators)
    settings = _settings(options, case, data) | {"reader.batch_size": 8, "train.epochs": 4}
    program.execute("generate", work / "out", settings)
    # Sleeping readers are a slow storage that is equally slow for both, on any machine.
    bounds = {
        "compute of 150 ms": {"train.computation_time": 0.15},
        "reading, 10 ms a sample": {"train.computation_time": 0.01, "reader.preprocess_time": 0.01},
    }
    rows = []
    try:
        for name, bound in bounds.items():

            def side(train):
                run = train(work / "out", settings | bound, options.accelerators)[0]
                metric = run.read("summary.json")["metric"]
                # In the first epoch DLIO starts its workers.
                return (
                    metric["train_au_percentage"][1:],
                    metric["train_throughput_samples_per_second"][1:],
                )

            figures = rounds.in_turn(
                name,
                options.rounds,
                {"ours": lambda: side(_ours), "dlio": lambda: side(theirs.train)},
            )
            au, rate = (
                {
                    who: [epoch for run in runs for epoch in run[which]]
                    for who, runs in figures.items()
                }
                for which in (0, 1)
            )
            row = [name]
            for who in ("ours", "dlio"):
                row.append(f"{statistics.median(au[who]):.2f}")
                row.append(f"{min(au[who]):.2f} - {max(au[who]):.2f}")
            mine, its = (statistics.median(rate[who]) for who in ("ours", "dlio"))
            rows.append([*row, f"{mine:.1f}", f"{its:.1f}", f"{mine / its:.2f}"])
        options.remove(data)
    finally:
        rounds.table(AU_HEADINGS, rows)


def memory(options):
    """Memory of DLIO and ours: steps, epochs and samples each times eight."""
    theirs = Dlio(options)
    work = pathlib.Path(options.dir)
    data = work / "dlio-memory"
    few, many = options.files, 8 * options.files
    case = CASES["npz"]._replace(files=many)
    settings = _settings(options, case, data) | {"dataset.record_length_bytes": 4096}
    program.execute("generate", work / "out", settings)
    steps = few // BATCH_SIZE // options.accelerators // 8
    runs = {
        f"{few} files, {steps} steps, 2 epochs": (few, steps, 2),
        f"{few} files, {8 * steps} steps, 2 epochs": (few, 8 * steps, 2),
        f"{few} files, {steps} steps, 16 epochs": (few, steps, 16),
        f"{many} files, {steps} steps, 2 epochs": (many, steps, 2),
    }
    rows = []
    try:
        for name, (files, limit, epochs) in runs.items():
            chosen = settings | {
                "dataset.num_files_train": files,
                "train.total_training_steps": limit,
                "train.epochs": epochs,
            }
            sides = [
                train(work / "out", chosen, options.accelerators)[2]
                for train in (_ours, theirs.train)
            ]
            base = rows[0] if rows else [name, f"{sides[0]:.0f}", "", f"{sides[1]:.0f}"]
            rows.append(
                [
                    name,
                    f"{sides[0]:.0f}",
                    f"{sides[0] - float(base[1]):+.0f}",
                    f"{sides[1]:.0f}",
                    f"{sides[1] - float(base[3]):+.0f}",
                ]
            )
        options.remove(data)
    finally:
        rounds.table(MEMORY_HEADINGS, rows)
