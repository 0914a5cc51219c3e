# SPDX-License-Identifier: Apache-2.0
"""Generation against fio's sequential write."""

import os
import pathlib
import shutil

from . import floor, program, rounds

FILE_PAYLOAD_SIDE = 8192  # 64 MiB files


def generate(options):
    """Writing a dataset, buffered, not forced to disk, of bytes that do not compress."""
    work = pathlib.Path(options.dir)
    writer = None if shutil.which("fio") else floor.build("write_files", work)
    data = work / "generated"
    settings = {
        "dataset.data_folder": data,
        "dataset.num_files_train": options.files,
        "dataset.record_dims": f"[{FILE_PAYLOAD_SIDE},{FILE_PAYLOAD_SIDE}]",
        "reader.read_threads": options.threads,
    }
    total_bytes = options.files * FILE_PAYLOAD_SIDE * FILE_PAYLOAD_SIDE

    def ours():
        os.sync()
        run = program.execute("generate", work / "out", settings)
        figure = run.read("generation.json")
        shutil.rmtree(data)
        return figure["mib_per_second"]

    def lowest():
        os.sync()
        return (
            floor.write_sequentially(work, options.threads, total_bytes, 1 << 20, writer) / 2**20
        )

    row = rounds.comparison(
        f"generation, {total_bytes / 2**30:.1f} GiB, {options.threads} jobs"
        + ("" if writer is None else " (floor: write_files.c, fio is missing)"),
        "MiB/s",
        *rounds.alternate(options.rounds, ours, lowest, "MiB/s"),
    )
    rounds.table(rounds.COMPARISON_HEADINGS, [row])
