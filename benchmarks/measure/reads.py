# SPDX-License-Identifier: Apache-2.0
"""Reading: small and large files through the page cache, large files past it."""

import pathlib
import statistics

from . import floor, program, rounds

CHUNK_BYTES = 1 << 20

# Payloads that make the files exactly 4 KiB (128 bytes of header) and 128 KiB (498 of archive).
SMALL = {
    "4 KiB npy": ("npy", 4096 - 128, 50_000, 8),
    "128 KiB npz": ("npz", 131_072 - 498, 16_000, 8),
}


def small(options):
    """Small files through the page cache."""
    work = pathlib.Path(options.dir)
    reader = floor.build("read_files", work)
    rows = []
    for name, (suffix, payload, files, epochs) in SMALL.items():
        files = int(files * options.scale)
        data = work / f"small-{suffix}"
        settings = {
            "dataset.data_folder": data,
            "dataset.format": suffix,
            "dataset.record_dims": f"[{payload}]",
            "dataset.num_files_train": files,
            "reader.batch_size": options.batch_size,
            "reader.read_threads": options.threads,
            "train.epochs": epochs,
        }
        program.execute("generate", work / "out", settings)
        names, paths = floor.file_list(data, suffix, work)
        processor = ([], [])

        def ours():
            run = program.execute("train", work / "out", settings)
            processor[0].append(run.steady_processor_seconds_per_sample())
            return statistics.median(p["samples"] / p["duration_seconds"] for p in run.steady_passes())

        def lowest():
            readings = floor.read_files(reader, names, options.threads, CHUNK_BYTES, 4)[1:]
            processor[1].append(
                statistics.median((r.user_seconds + r.system_seconds) / r.files for r in readings)
            )
            return statistics.median(r.files / r.seconds for r in readings)

        rows.append(
            rounds.comparison(
                f"{name}, {files} files ({pathlib.Path(paths[0]).stat().st_size} bytes each)",
                "files/s",
                *rounds.alternate(options.rounds, ours, lowest, "files/s"),
            )
        )
        micros = [[1e6 * seconds for seconds in side] for side in processor]
        rows.append(rounds.comparison(f"{name}, processor time", "us/file", *micros))
        options.remove(data)
    rounds.table(rounds.COMPARISON_HEADINGS, rows)


def _large_settings(options, data, threads):
    return {
        "dataset.data_folder": data,
        "dataset.num_files_train": options.files,
        "dataset.record_length_bytes": 146_600_628,
        "dataset.record_length_bytes_stdev": 68_341_808,
        "reader.batch_size": 1,
        "reader.read_threads": threads,
        "reader.transfer_size": options.chunk,
        "train.epochs": options.epochs,
    }


def _bytes_per_second(run):
    return statistics.median(
        p["storage_bytes"] / p["duration_seconds"] / 1e9 for p in run.steady_passes()
    )


def large(options):
    """Large npz files through the page cache, CRC checked."""
    work = pathlib.Path(options.dir)
    data = work / "large"
    reader = floor.build("read_files", work)
    settings = _large_settings(options, data, options.threads)
    program.execute("generate", work / "out", settings)
    names, _ = floor.file_list(data, "npz", work)
    processor = ([], [])

    def ours():
        run = program.execute("train", work / "out", settings)
        first = run.steady_passes()[0]
        seconds = run.steady_processor_seconds_per_sample()
        processor[0].append(1e12 * seconds * first["samples"] / first["storage_bytes"])
        return _bytes_per_second(run)

    def lowest():
        readings = floor.read_files(reader, names, options.threads, options.chunk, 4)[1:]
        processor[1].append(
            statistics.median(1e12 * (r.user_seconds + r.system_seconds) / r.bytes for r in readings)
        )
        return statistics.median(r.bytes / r.seconds / 1e9 for r in readings)

    name = f"{options.files} npz of 47 - 302 MB, {options.threads} threads, {options.chunk} byte chunks"
    rows = [
        rounds.comparison(
            name, "GB/s", *rounds.alternate(options.rounds, ours, lowest, "GB/s")
        ),
        rounds.comparison(f"{name}, processor time", "ms/GB", *processor),
    ]
    options.remove(data)
    rounds.table(rounds.COMPARISON_HEADINGS, rows)


def direct(options):
    """Large npz files past the page cache."""
    program.require("fio")
    work = pathlib.Path(options.dir)
    data = work / "large"
    settings = _large_settings(options, data, options.threads)
    program.execute("generate", work / "out", settings)
    settings["reader.odirect"] = "true"
    _, names = floor.file_list(data, "npz", work)
    depth = options.accelerators * options.threads

    def ours():
        run = program.execute("train", work / "out", settings, options.accelerators)
        access = run.report()["access"]
        past_cache = access["o_direct_bytes"] + access["o_direct_bounced_bytes"]
        if past_cache != access["storage_bytes"]:
            raise RuntimeError(f"only {past_cache} of {access['storage_bytes']} bytes were direct")
        return _bytes_per_second(run)

    def lowest():
        return floor.fio_direct_read(names, depth, options.chunk, loops=2) / 1e9

    row = rounds.comparison(
        f"direct://, {options.files} npz, depth {depth}, {options.chunk} byte blocks",
        "GB/s",
        *rounds.alternate(options.rounds, ours, lowest, "GB/s"),
    )
    options.remove(data)
    rounds.table(rounds.COMPARISON_HEADINGS, [row])
