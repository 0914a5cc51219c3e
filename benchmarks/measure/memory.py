# SPDX-License-Identifier: Apache-2.0
"""Memory over the length of a run."""

import pathlib
import re
import statistics
import subprocess
import time
from collections import namedtuple

from . import program, rounds

# A small heap, so that a collector in no hurry does not look like growth.
JAVA_OPTIONS = "-Xms256m -Xmx256m -XX:NativeMemoryTracking=summary"

Sample = namedtuple("Sample", "rss_mib live_heap_mib direct_mib threads")


def _jcmd(pid, *command):
    result = subprocess.run(
        [program.require("jcmd"), str(pid), *command], capture_output=True, text=True
    )
    return result.stdout if result.returncode == 0 else ""


def _sample(pid):
    """A look at the JVM after a collection; None when it is no longer, or not yet, there."""
    _jcmd(pid, "GC.run")
    heap = re.search(r"used (\d+)K", _jcmd(pid, "GC.heap_info"))
    native = _jcmd(pid, "VM.native_memory", "summary")
    other = re.search(r"Other \(reserved=\d+KB, committed=(\d+)KB\)", native)
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    rss = re.search(r"VmRSS:\s+(\d+) kB", status)
    if not (heap and other and rss):
        return None
    return Sample(
        int(rss.group(1)) / 1024,
        int(heap.group(1)) / 1024,
        int(other.group(1)) / 1024,
        int(re.search(r"Threads:\s+(\d+)", status).group(1)),
    )


def _watch(work, settings, seconds_between):
    process = program.start("train", work / "out", settings, java_options=JAVA_OPTIONS)
    samples = []
    while process.poll() is None:
        sample = _sample(process.pid)
        if sample is not None:
            samples.append(sample)
        time.sleep(seconds_between)
    if process.returncode != 0:
        raise RuntimeError((work / "out" / "console.log").read_text(encoding="utf-8")[-4000:])
    if not samples:
        raise RuntimeError("the run was too short to look at; raise --compute")
    return samples


def memory(options):
    """Live heap, direct buffers and resident memory: short against long runs, and over a long one."""
    program.require("jcmd")
    work = pathlib.Path(options.dir)
    data = work / "memory"
    settings = {"dataset.data_folder": data, "dataset.record_length_bytes_stdev": 65536}
    program.execute("generate", work / "out", settings)
    rows = []
    for epochs in (10, options.epochs):
        # The short run gets long steps: there must be time to look at it.
        compute = options.compute if epochs > 10 else 0.05
        settings |= {"train.epochs": epochs, "train.computation_time": compute}
        samples = _watch(work, settings, 0.5 if epochs > 10 else 0.2)
        quarter = len(samples) // 4
        for name in ("live_heap_mib", "direct_mib", "rss_mib", "threads"):
            values = [getattr(sample, name) for sample in samples]
            row = [epochs, name.replace("_mib", ""), f"{max(values):.1f}"]
            if quarter > 0:
                second = statistics.median(values[quarter : 2 * quarter])
                last = statistics.median(values[-quarter:])
                row += [f"{second:.1f}", f"{last:.1f}", f"{last - second:+.1f}"]
            else:
                row += ["", "", "too few samples"]
            rows.append(row + [len(samples)])
    options.remove(data)
    rounds.table(
        ["epochs", "MiB (threads: count)", "maximum", "second quarter", "last quarter", "growth", "samples"],
        rows,
    )
