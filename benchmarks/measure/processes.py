# SPDX-License-Identifier: Apache-2.0
"""Processor time and memory of a process and all that descend from it, while they run."""

import os
import re
import resource
import threading
import time

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")

# Ticks are 10 ms. Looking for new processes costs more than looking at known ones, memory most.
SECONDS_BETWEEN_NOTES = 0.05
SECONDS_BETWEEN_SEARCHES = 0.5
SECONDS_BETWEEN_MEMORY = 1.0


def children_seconds():
    """Processor time of all processes that were waited for, and that these waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _stat(pid):
    """The fields after the name, from the state on; None if the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()
    except OSError:
        return None


def _descendants(root):
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = _stat(name)
            if fields is not None:
                children.setdefault(int(fields[1]), []).append(int(name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children.get(pid, [])
    return found


def _pss_mib(pid):
    """Memory with shared pages divided among those who share them."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as rollup:
            return int(re.search(r"^Pss:\s+(\d+) kB", rollup.read(), re.MULTILINE).group(1)) / 1024
    except (OSError, AttributeError):
        return 0.0


class Tree(threading.Thread):
    """Notes (wall time, processor seconds so far) of a process and its descendants."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self._root = pid
        self._seconds = {}
        self._notes = []
        self._ended = threading.Event()
        self.peak_pss_mib = 0.0

    def run(self):
        search = memory = 0.0
        while not self._ended.wait(SECONDS_BETWEEN_NOTES):
            now = time.monotonic()
            if now >= search:
                search = now + SECONDS_BETWEEN_SEARCHES
                for pid in _descendants(self._root):
                    self._seconds.setdefault(pid, 0.0)
            if now >= memory:
                memory = now + SECONDS_BETWEEN_MEMORY
                self.peak_pss_mib = max(self.peak_pss_mib, sum(map(_pss_mib, self._seconds)))
            for pid in self._seconds:
                fields = _stat(pid)
                if fields is not None:
                    self._seconds[pid] = (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
            self._notes.append((time.time(), sum(self._seconds.values())))

    def end(self):
        self._ended.set()
        self.join()

    def between(self, start, end):
        """Processor seconds between two wall times, interpolated."""
        return self._at(end) - self._at(start)

    def _at(self, when):
        before = None
        for note in self._notes:
            if note[0] >= when:
                if before is None:
                    return note[1]
                part = (when - before[0]) / (note[0] - before[0])
                return before[1] + part * (note[1] - before[1])
            before = note
        return before[1] if before else 0.0
