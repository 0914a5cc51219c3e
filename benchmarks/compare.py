#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares dlio-flink with what this machine can do at best, and prints a Markdown table."""

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile

from measure import checkpoints, cluster, dlio, formats, generation, memory, object_jobs, objects, planning, program, reads, steps


def parser():
    top = argparse.ArgumentParser(description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)

    def command(name, function, **defaults):
        one = commands.add_parser(name, help=function.__doc__, description=function.__doc__)
        one.set_defaults(function=function, parent=None)
        one.add_argument("--dir", help="folder for datasets, on the disk to measure (default: a temporary one)")
        one.add_argument("--keep-data", action="store_true", help="leave the datasets, for the next call")
        for option, default in defaults.items():
            one.add_argument(
                f"--{option.replace('_', '-')}",
                type=type(default),
                default=default,
                help="default: %(default)s",
            )
        return one

    command("small", reads.small, rounds=3, threads=2, batch_size=64, scale=1.0)
    command("large", reads.large, rounds=3, threads=2, files=28, epochs=6, chunk=1 << 20)
    command("direct", reads.direct, rounds=3, threads=4, accelerators=1, files=28, epochs=4, chunk=1 << 20)
    one = command("generate", generation.generate, rounds=3, threads=2, files=68)
    one.add_argument("--past-cache", action="store_true", help="O_DIRECT on both sides")
    command("checkpoint", checkpoints.checkpoint, rounds=3, ranks=1, mib=1024, checkpoints=3)
    one = command("steps", steps.steps, rounds=2, steps=200)
    one.add_argument("--cluster", metavar="HOST:PORT", help="run on this Flink cluster, e.g. of two task managers")
    one = command("formats", formats.formats, rounds=5, formats="all")
    one.set_defaults(parent=formats.memory_folder())
    one.add_argument("--python", help="interpreter with the libraries (default: DLIO_FLINK_PYTHON, else python3)")
    for name, function, defaults in (
        ("dlio", dlio.dlio, {"rounds": 3, "cases": "all"}),
        ("dlio-au", dlio.utilisation, {"rounds": 2}),
        ("dlio-memory", dlio.memory, {"files": 1024}),
    ):
        one = command(name, function, threads=2, accelerators=1, **defaults)
        one.add_argument("--dlio-python", help="interpreter with DLIO (default: DLIO_PYTHON)")
    for name, function in (("objects", objects.objects), ("object-puts", objects.object_puts)):
        one = command(
            name,
            function,
            rounds=5,
            sizes="64KiB,1MiB,64MiB",
            concurrency="1,8,32",
            others="boto3,s3dlio",
            direct_memory="4g",
        )
        one.add_argument("--store", choices=("s3", "az"), default="s3", help="default: %(default)s")
        one.add_argument("--python", help="interpreter with other clients (default: they are left out)")
        if name == "object-puts":
            one.add_argument("--server", choices=("sink", "s3proxy"), default="sink", help="default: %(default)s")
    command("object-jobs", object_jobs.object_jobs, rounds=3, threads=8, epochs=24, scale=1.0)
    command(
        "cluster", cluster.cluster, rounds=3, task_managers=2, slots=1, epochs=5, batch_size=0, shapes="4 KiB npy,unet3d,resnet50"
    )
    command("barrier", cluster.barrier, rounds=3, task_managers=4, slots=8, steps=300)
    command("metrics", cluster.metrics, rounds=5, slots=2, epochs=16)
    command("scale", cluster.scale, parts="start,barrier,sink,proof")
    command("memory", memory.memory, epochs=1000, compute=0.001)
    command("plan", planning.plan, files=100_000_000)
    one = command("micro", planning.micro)
    one.add_argument("jmh", nargs=argparse.REMAINDER, help="arguments for JMH")
    return top


def main():
    options = parser().parse_args()
    given = options.dir is not None
    folder = pathlib.Path(options.dir or tempfile.mkdtemp(prefix="dlio-flink-bench-", dir=options.parent))
    work = folder.resolve() / "dlio-flink-bench"
    work.mkdir(parents=True, exist_ok=True)
    options.dir = work
    options.remove = (lambda data: None) if options.keep_data else shutil.rmtree
    try:
        options.function(options)
        return 0
    except program.Unavailable as missing:
        print(f"compare.py: {missing}", file=sys.stderr)
        return 3
    except (RuntimeError, subprocess.CalledProcessError) as failure:
        print(f"compare.py: {failure}\n{getattr(failure, 'stderr', '') or ''}", file=sys.stderr)
        return 1
    finally:
        if not options.keep_data:
            shutil.rmtree(work if given else folder)


if __name__ == "__main__":
    sys.exit(main())
