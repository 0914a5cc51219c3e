# SPDX-License-Identifier: Apache-2.0
"""Training from an object store: whole jobs against a plain socket."""

import pathlib
import statistics

from . import floor, program, rounds
from .object_servers import BUCKET, nginx
from .objects import set_credentials

# Payloads that make the archives exactly 64 KiB and 1 MiB, how many, and the batch.
DATASETS = {
    "64 KiB npz": (65_536 - 498, 8_000, 64),
    "1 MiB npz": (1_048_576 - 498, 1_000, 8),
}


def object_jobs(options):
    """Whole training jobs on npz of 64 KiB and 1 MiB from nginx, against a plain socket."""
    work = pathlib.Path(options.dir)
    root = work / "objects"
    reader = floor.build("get_objects", work)
    set_credentials()
    rows = []
    for number, (name, (payload, files, batch)) in enumerate(DATASETS.items()):
        prefix = f"dataset-{number}"
        data = root / BUCKET / prefix
        settings = {
            "dataset.data_folder": data,
            "dataset.format": "npz",
            "dataset.record_dims": f"[{payload}]",
            "dataset.num_files_train": int(files * options.scale),
            "reader.batch_size": batch,
            "reader.read_threads": options.threads,
            "train.epochs": options.epochs,
        }
        program.execute("generate", work / "out", settings)
        with nginx(work, root, [f"{prefix}/train/"]) as port:
            rows += _rows(options, work, name, settings, reader, port, prefix)
        options.remove(data)
    rounds.table(rounds.COMPARISON_HEADINGS, rows)


def _rows(options, work, name, settings, reader, port, prefix):
    remote = dict(settings)
    remote["dataset.data_folder"] = f"s3://{BUCKET}/{prefix}"
    remote["storage.storage_options.endpoint_url"] = f"http://127.0.0.1:{port}"
    names, paths = floor.file_list(settings["dataset.data_folder"], "npz", work)
    folder = pathlib.Path(settings["dataset.data_folder"]).parents[1]
    names.write_text("".join(f"{pathlib.Path(p).relative_to(folder)}\n" for p in paths), encoding="utf-8")
    processor, requests = ([], []), (options.epochs - options.epochs // 2) * len(paths)

    def ours():
        run = program.execute("train", work / "out", remote)
        processor[0].append(1e6 * run.steady_processor_seconds_per_sample())
        return statistics.median(p["samples"] / p["duration_seconds"] for p in run.steady_passes())

    def lowest():
        seconds, cpu = floor.get_objects(reader, port, names, options.threads, requests)
        processor[1].append(1e6 * cpu / requests)
        return requests / seconds

    size = pathlib.Path(paths[0]).stat().st_size
    rates = rounds.alternate(options.rounds, ours, lowest, "objects/s")
    megabytes = [[rate * size / 1e6 for rate in side] for side in rates]
    return [
        rounds.comparison(f"{name}, {len(paths)} objects ({size} bytes each)", "objects/s", *rates),
        rounds.comparison(f"{name}", "MB/s", *megabytes),
        rounds.comparison(f"{name}, processor time", "us/object", *processor),
    ]
