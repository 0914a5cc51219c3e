# SPDX-License-Identifier: Apache-2.0
"""Runs the program and reads its reports."""

import datetime
import json
import os
import pathlib
import shutil
import subprocess

from . import processes

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = REPOSITORY / "bin" / "dlio-flink"
WORKLOAD = REPOSITORY / "benchmarks" / "workload" / "bench.yaml"


class Unavailable(Exception):
    """Something this machine would need is missing."""


def require(tool):
    if shutil.which(tool) is None:
        raise Unavailable(f"'{tool}' is not on the PATH; this comparison needs it")
    return tool


class Run:
    """One finished run: its result files."""

    def __init__(self, output, processor):
        self.output = pathlib.Path(output)
        self._processor = processor

    def read(self, name):
        with open(self.output / name, encoding="utf-8") as file:
            return json.load(file)

    def report(self):
        return self.read("report.json")

    def steady_passes(self):
        """The second half of the passes: the first half warms up the compiler and the caches."""
        passes = self.report()["passes"]
        return passes[len(passes) // 2 :]

    def steady_processor_seconds_per_sample(self):
        passes = self.steady_passes()
        start = self.start_of(str(passes[0]["epoch"]))
        end = self.end_of(str(passes[-1]["epoch"]))
        return self.processor_seconds(start, end) / sum(p["samples"] for p in passes)

    def steady_epochs(self):
        """As steady_passes, from the files that DLIO writes too."""
        epochs = list(self.read("0_per_epoch_stats.json"))
        return epochs[len(epochs) // 2 :]

    def start_of(self, epoch):
        return self._stamp(epoch, "start")

    def end_of(self, epoch):
        return self._stamp(epoch, "end")

    def _stamp(self, epoch, which):
        text = self.read("0_per_epoch_stats.json")[epoch][which]
        return datetime.datetime.fromisoformat(text).timestamp()

    def processor_seconds(self, start, end):
        return self._processor.between(start, end)


def overrides(settings):
    return [f"++workload.{key}={value}" for key, value in settings.items()]


def start(command, output, settings, accelerators=1, cluster=None, java_options="", arguments=()):
    """Starts the program; the caller waits for it."""
    shutil.rmtree(output, ignore_errors=True)
    pathlib.Path(output).mkdir(parents=True)
    where = ["--cluster", cluster] if cluster else ["--port", "0"]
    environment = dict(os.environ)
    environment["DLIO_FLINK_JAVA_OPTS"] = " ".join(
        filter(None, [os.environ.get("DLIO_FLINK_JAVA_OPTS", ""), java_options])
    )
    return subprocess.Popen(
        [str(LAUNCHER), command, "--config", str(WORKLOAD), "--output", str(output)]
        + ["--accelerators", str(accelerators)]
        + where
        + list(arguments)
        + overrides(settings),
        stdout=open(pathlib.Path(output) / "console.log", "w", encoding="utf-8"),
        stderr=subprocess.STDOUT,
        env=environment,
    )


def execute(command, output, settings, accelerators=1, cluster=None, arguments=()):
    """Runs the program to its end; a run that is not valid is no measurement."""
    process = start(command, output, settings, accelerators, cluster, arguments=arguments)
    processor = processes.Tree(process.pid)
    processor.start()
    code = process.wait()
    processor.end()
    if code != 0:
        console = (pathlib.Path(output) / "console.log").read_text(encoding="utf-8")
        raise RuntimeError(f"dlio-flink {command} ended with {code}:\n{console[-4000:]}")
    return Run(output, processor)
