# SPDX-License-Identifier: Apache-2.0
"""Planning a dataset of 10^8 files, and the micro benchmarks: the Java part of this folder."""

import pathlib
import subprocess

from . import program

MODULE = program.REPOSITORY / "benchmarks"


def class_path(work):
    """The class path of the Java part, built if it is not."""
    program.require("mvn")
    target = pathlib.Path(work) / "classpath.txt"
    subprocess.run(
        ["mvn", "-q", "-B", "-DskipTests", "-pl", "benchmarks", "-am", "package"]
        + ["dependency:build-classpath", f"-Dmdep.outputFile={target}", "-Dmdep.includeScope=test"],
        cwd=program.REPOSITORY,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return f"{MODULE / 'target' / 'classes'}:{target.read_text(encoding='utf-8').strip()}"


def java(work, main, arguments):
    subprocess.run(
        [program.require("java"), "-cp", class_path(work), main, *arguments], check=True
    )


def plan(options):
    """Time and heap to plan 10^8 files."""
    java(options.dir, "io.dlioflink.benchmark.PlanningTime", [str(options.files)])


def micro(options):
    """The JMH benchmarks; arguments behind -- go to JMH."""
    java(options.dir, "org.openjdk.jmh.Main", [word for word in options.jmh if word != "--"])
