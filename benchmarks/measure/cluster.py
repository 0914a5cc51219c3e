# SPDX-License-Identifier: Apache-2.0
"""A cluster of task manager processes against one process, its barrier, and what metrics cost."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import threading
import urllib.request

from . import planning, program, rounds

LOCAL_CLUSTER = program.REPOSITORY / "cluster" / "local-cluster"
FIRST_PORT = 18081

# As the published workloads, but for sizes, counts and compute: shapes of batches and files stay.
SHAPES = {
    "unet3d": ("npz", 2_097_152, 896, 1, 7, 4),
    "resnet50": ("npy", 114_660, 16_384, 1, 128, 8),
    "4 KiB npy": ("npy", 4096 - 128, 400_000, 1, 64, 2),
}


@contextlib.contextmanager
def running(work, task_managers, slots, settings=()):
    """A cluster in a folder of its own; its address."""
    environment = dict(os.environ, DLIO_FLINK_CLUSTER_DIR=str(work / "cluster"))
    dynamic = [word for setting in settings for word in ("-D", setting)]
    start = [LOCAL_CLUSTER, "start", "-p", str(FIRST_PORT), "-t", str(task_managers), "-s", str(slots)]
    started = subprocess.run(
        [str(word) for word in start] + dynamic, env=environment, capture_output=True, text=True, check=False
    )
    try:
        if started.returncode != 0:
            raise RuntimeError(f"cluster/local-cluster start: {started.stderr[-2000:]}")
        yield f"127.0.0.1:{FIRST_PORT}"
    finally:
        subprocess.run([str(LOCAL_CLUSTER), "stop"], env=environment, capture_output=True, check=False)


def _generated(work, name, shape):
    suffix, sample_bytes, files, samples_per_file, batch, threads = shape
    settings = {
        "dataset.data_folder": work / name.replace(" ", "-"),
        "dataset.format": suffix,
        "dataset.record_dims": f"[{sample_bytes}]",
        "dataset.num_files_train": files,
        "dataset.num_samples_per_file": samples_per_file,
        "reader.batch_size": batch,
        "reader.read_threads": threads,
    }
    program.execute("generate", work / "out", settings)
    return settings


def _samples_per_second(run):
    return statistics.median(p["samples"] / p["duration_seconds"] for p in run.steady_passes())


def cluster(options):
    """Samples/s of task managers as processes against one process with as many accelerators."""
    work = pathlib.Path(options.dir)
    ranks = options.task_managers * options.slots
    rows = []
    with running(work, options.task_managers, options.slots) as address:
        for name in options.shapes.split(","):
            settings = _generated(work, name, SHAPES[name])
            settings["train.epochs"] = options.epochs
            settings["reader.batch_size"] = options.batch_size or settings["reader.batch_size"]

            def measured(where):
                run = program.execute("train", work / "out", settings, ranks, where)
                return _samples_per_second(run)

            rows.append(
                rounds.comparison(
                    f"{name}, {options.task_managers} x {options.slots} accelerators",
                    "samples/s",
                    *rounds.alternate(options.rounds, lambda: measured(address), lambda: measured(None), "samples/s"),
                )
            )
            options.remove(settings["dataset.data_folder"])
    rounds.table(["measurement", "cluster", "one process", "ratio", "ratio per round"], rows)


def barrier(options):
    """The barrier of ranks on several task managers, without reading or computing."""
    work = pathlib.Path(options.dir)
    ranks = options.task_managers * options.slots
    settings = {
        "dataset.data_folder": "null://barrier",
        "dataset.format": "synthetic",
        "dataset.num_files_train": ranks * options.steps,
        "reader.batch_size": 1,
        "reader.read_threads": 1,
        "train.epochs": 10,
    }
    sides = {"one process": None}
    rows = []
    with running(work, options.task_managers, options.slots) as address:
        sides[f"{options.task_managers} task managers"] = address

        def measured(where):
            run = program.execute("train", work / "out", settings, ranks, where)
            return [
                (
                    one["latency"]["barrier"]["p50_us"] / 1e3,
                    1e3 * one["duration_seconds"] / one["steps_per_rank"],
                    one["barrier"].get("job_manager_messages_per_meeting", 0),
                )
                for one in run.steady_passes()
            ]

        results = rounds.in_turn(
            "barrier", options.rounds, {name: lambda where=where: measured(where) for name, where in sides.items()}
        )
    for name, found in results.items():
        medians, steps, messages = zip(*[one for run in found for one in run])
        rows.append(
            [
                f"{ranks} accelerators, {name}",
                f"{statistics.median(medians):.3f} ms ({min(medians):.3f} - {max(medians):.3f})",
                f"{statistics.median(steps):.3f} ms",
                f"{statistics.median(messages):.1f}",
            ]
        )
    rounds.table(["measurement", "barrier, median", "whole step", "messages to the job manager per step"], rows)


class _Scraper:
    """Reads the metrics of all processes once a second, as Prometheus does."""

    def __init__(self, ports):
        self._ports = ports
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.bytes = 0

    def _run(self):
        while not self._end.wait(1):
            for port in self._ports:
                with contextlib.suppress(OSError):
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                        self.bytes = len(answer.read())

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *unused):
        self._end.set()
        self._thread.join()


def metrics(options):
    """Samples/s at 4 KiB with time series, Prometheus and a scrape each second, and without."""
    work = pathlib.Path(options.dir)
    name = "4 KiB npy"
    settings = _generated(work, name, SHAPES[name])
    settings["train.epochs"] = options.epochs
    ranks = options.slots

    def measured(with_metrics):
        dynamic = [] if with_metrics else ["metrics.reporters=none", "metrics.fetcher.update-interval=0"]
        arguments = () if with_metrics else ("--no-time-series",)
        with running(work, 1, options.slots, dynamic) as address:
            # As cluster/local-cluster numbers them, beside the web UI's.
            ports = [FIRST_PORT + 1168, FIRST_PORT + 1169] if with_metrics else []
            with _Scraper(ports) as scraper:
                run = program.execute("train", work / "out", settings, ranks, address, arguments)
                if with_metrics and scraper.bytes == 0:
                    raise RuntimeError("Nobody answered on the metrics ports")
        return _samples_per_second(run)

    rows = [
        rounds.comparison(
            f"{name}, {ranks} accelerators",
            "samples/s",
            *rounds.alternate(options.rounds, lambda: measured(True), lambda: measured(False), "samples/s"),
        )
    ]
    options.remove(settings["dataset.data_folder"])
    rounds.table(["measurement", "with metrics", "without", "ratio", "ratio per round"], rows)


def scale(options):
    """What grows with ranks, task managers and samples: start, barrier, sink, proof."""
    planning.java(options.dir, "io.dlioflink.benchmark.ScaleCosts", options.parts.split(","))
