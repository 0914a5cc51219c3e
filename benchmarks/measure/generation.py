# SPDX-License-Identifier: Apache-2.0
"""Generation against fio's sequential write."""

import mmap
import os
import pathlib
import shutil
import threading
import time

from . import floor, program, rounds

FILE_PAYLOAD_SIDE = 8192  # 64 MiB files


class Ballast:
    """
    Memory held until a moment before writing, or reading into the page cache, starts.

    Some virtual machines give free memory back to their host after about two seconds, and touching
    it again costs ten times a write: who starts first after a deletion would win. So both sides
    fill memory that was in use just before.
    """

    def __init__(self, size_bytes):
        self._pages = mmap.mmap(-1, size_bytes)
        for offset in range(0, size_bytes, mmap.PAGESIZE):
            self._pages[offset] = 1

    def release(self):
        self._pages.close()

    def release_when_there(self, path):
        self._release_when(path.exists)

    def release_when_told(self, path, text):
        self._release_when(lambda: path.exists() and text in path.read_text())

    def _release_when(self, condition):
        def wait():
            while not condition():
                time.sleep(0.01)
            self.release()

        threading.Thread(target=wait, daemon=True).start()


def generate(options):
    """Writing a dataset, buffered, not forced to disk, of bytes that do not compress."""
    work = pathlib.Path(options.dir)
    if options.past_cache:
        program.require("fio")
    writer = None if shutil.which("fio") else floor.build("write_files", work)
    data = work / "generated"
    settings = {
        "dataset.data_folder": data,
        "dataset.num_files_train": options.files,
        "dataset.record_dims": f"[{FILE_PAYLOAD_SIDE},{FILE_PAYLOAD_SIDE}]",
        "reader.read_threads": options.threads,
        "reader.odirect": str(options.past_cache).lower(),
    }
    total_bytes = options.files * FILE_PAYLOAD_SIDE * FILE_PAYLOAD_SIDE

    def ours():
        os.sync()
        Ballast(total_bytes).release_when_there(data)
        run = program.execute("generate", work / "out", settings)
        figure = run.read("generation.json")
        shutil.rmtree(data)
        return figure["mib_per_second"]

    def lowest():
        os.sync()
        Ballast(total_bytes).release()
        written = floor.write_sequentially(
            work, options.threads, total_bytes, 1 << 20, writer, options.past_cache
        )
        return written / 2**20

    row = rounds.comparison(
        f"generation{' past the page cache' if options.past_cache else ''}, {total_bytes / 2**30:.1f} GiB, {options.threads} jobs"
        + ("" if writer is None else " (floor: write_files.c, fio is missing)"),
        "MiB/s",
        *rounds.alternate(options.rounds, ours, lowest, "MiB/s"),
    )
    rounds.table(rounds.COMPARISON_HEADINGS, [row])
