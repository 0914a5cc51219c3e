# SPDX-License-Identifier: Apache-2.0
"""Alternating rounds, medians, Markdown."""

import os
import statistics
import sys


def pressure():
    """Share of the last ten seconds in which something waited for a processor, in percent."""
    try:
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return float(file.readline().split("avg10=")[1].split()[0])
    except (OSError, IndexError):
        return float("nan")


def alternate(rounds, ours, floor, unit):
    """Runs both in turn; returns the lists of figures."""
    figures = ([], [])
    for number in range(rounds):
        # Who goes first changes, so that a trend does not favour one.
        for which in (0, 1) if number % 2 == 0 else (1, 0):
            figures[which].append((ours, floor)[which]())
        print(
            f"  round {number + 1}/{rounds}: ours {figures[0][-1]:,.4g}, floor {figures[1][-1]:,.4g}"
            f" {unit}; cpu pressure {pressure():.0f} %",
            file=sys.stderr,
            flush=True,
        )
    return figures


def in_turn(name, rounds, sides):
    """Runs several sides in turn; returns the list of results of each."""
    results = {side: [] for side in sides}
    names = list(sides)
    for number in range(rounds):
        # Who goes first changes, as above.
        for side in names[number % len(names) :] + names[: number % len(names)]:
            results[side].append(sides[side]())
    print(f"  {name}; cpu pressure {pressure():.0f} %", file=sys.stderr, flush=True)
    return results


def comparison(name, unit, ours, floor):
    """A table row: medians, ratio of the medians, and the range of the ratios round by round."""
    ratios = [a / b for a, b in zip(ours, floor)]
    mine, theirs = statistics.median(ours), statistics.median(floor)
    return [
        name,
        f"{mine:,.4g} {unit}",
        f"{theirs:,.4g} {unit}",
        f"{mine / theirs:.2f}",
        f"{min(ratios):.2f} - {max(ratios):.2f}",
    ]


COMPARISON_HEADINGS = ["measurement", "dlio-flink", "floor", "ratio", "ratio per round"]


def table(headings, rows):
    print("| " + " | ".join(headings) + " |")
    print("|" + "---|" * len(headings))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    load = os.getloadavg()
    print(f"\n{os.cpu_count()} processors, load average now {load[0]:.1f}", flush=True)
