# SPDX-License-Identifier: Apache-2.0
"""Objects over loopback: from nginx and into a sink, by a socket, by ours and by other clients."""

import contextlib
import os
import pathlib
import statistics
import subprocess
import time
from collections import namedtuple

from . import floor, planning, program, rounds
from .formats import Worker
from .object_servers import BUCKET, nginx, s3proxy, sink

# Bytes, and how many objects.
SIZES = {"64KiB": (1 << 16, 256), "1MiB": (1 << 20, 64), "64MiB": (1 << 26, 4), "512MiB": (1 << 29, 1)}
PASS_SECONDS = 1.0

# What locations name, and where an endpoint of the store has it.
CONTAINERS = {"s3": BUCKET, "az": "objects"}
FOLDERS = {"s3": BUCKET, "az": "bench/objects"}

# A new process has its code compiled first.
WARM_UP_SECONDS = {True: 15.0, False: 4.0}

HEADINGS = ["object", "concurrency", "client", "CPU us/request", "to the floor", "MB/s", "to the floor"]

Pass = namedtuple("Pass", "cpu_per_request bytes_per_second")


class _Client:
    """A process that makes passes; its requests are as many as fill the time."""

    def __init__(self, worker, concurrency, is_new):
        self._worker = worker
        self._is_new = is_new
        self._concurrency = concurrency
        self._requests = 2 * concurrency

    def warm_up(self):
        end = time.monotonic() + WARM_UP_SECONDS[self._is_new]
        while time.monotonic() < end:
            answer = self._ask()
            per_second = answer["requests"] / answer["seconds"]
            self._requests = max(2 * self._concurrency, int(PASS_SECONDS * per_second))

    def _ask(self):
        return self._worker.ask(f"{self._concurrency} {self._requests}")

    def run(self):
        answer = self._ask()
        return Pass(
            answer["cpu_seconds"] / answer["requests"], answer["bytes"] / answer["seconds"]
        )


class _Floor:
    def __init__(self, *command):
        self._command = [str(word) for word in command]

    def warm_up(self):
        self.run()

    def run(self):
        result = subprocess.run(self._command, check=True, capture_output=True, text=True)
        requests, done, seconds, user, system = map(float, result.stdout.split())
        return Pass((user + system) / requests, done / seconds)


def _make(folder, size, count):
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for number in range(count):
        name = f"object-{size}-{number:05d}"
        (folder / name).write_bytes(os.urandom(size))
        names.append(name)
    return names


def objects(options):
    """GET of whole objects: a plain socket, ours (lean and SDK), and other clients if installed."""
    work = pathlib.Path(options.dir)
    root = work / "objects"
    folder = FOLDERS[options.store]
    binary = floor.build("get_objects", work)
    class_path = planning.class_path(work)
    rows = []
    with nginx(work, root) as port:
        for label in options.sizes.split(","):
            size, count = SIZES[label]
            names = _make(root / folder, size, count)
            paths = work / "paths.txt"
            paths.write_text("".join(f"{folder}/{name}\n" for name in names), encoding="utf-8")
            commands = _commands(options, "get", class_path, port, names, size)
            rows += _in_turn(
                options,
                label,
                lambda concurrency, requests: _Floor(binary, port, paths, concurrency, requests),
                commands,
            )
            options.remove(root)
    rounds.table(HEADINGS, rows)


def object_puts(options):
    """PUT of whole objects, the larger ones by ours in parts, into a sink that keeps nothing or a store."""
    work = pathlib.Path(options.dir)
    binary = floor.build("put_objects", work)
    class_path = planning.class_path(work)
    rows = []
    servers = {"sink": sink, "s3proxy": s3proxy}
    with servers[options.server](work) as port:
        for label in options.sizes.split(","):
            size, count = SIZES[label]
            names = [f"object-{number}" for number in range(count)]
            rows += _in_turn(
                options,
                label,
                lambda concurrency, requests: _Floor(binary, port, size, concurrency, requests),
                _commands(options, "put", class_path, port, names, size),
            )
    rounds.table(HEADINGS, rows)


def _in_turn(options, label, lowest, commands):
    size, _ = SIZES[label]
    requests = max(16, (1 << 31) // size)
    rows = []
    with contextlib.ExitStack() as stack:
        workers = {name: stack.enter_context(Worker(command)) for name, command in commands.items()}
        for number, concurrency in enumerate(map(int, options.concurrency.split(","))):
            sides = {"floor": lowest(concurrency, requests)}
            for name, worker in workers.items():
                sides[name] = _Client(worker, concurrency, number == 0)
            for side in sides.values():
                side.warm_up()
            results = rounds.in_turn(
                f"{label}, {concurrency}",
                options.rounds,
                {name: side.run for name, side in sides.items()},
            )
            rows += _rows(label, concurrency, results)
    return rows


def _commands(options, action, class_path, port, names, size):
    listed = pathlib.Path(options.dir) / "names.txt"
    listed.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
    endpoint = f"http://127.0.0.1:{port}"
    set_credentials()
    store = {
        "s3": ["client={}", f"endpoint_url={endpoint}", "region=us-east-1"],
        "az": ["az_client={}", f"endpoint_url={endpoint}", "account_name=bench", "account_key=YmVuY2g="],
    }[options.store]
    java = [program.require("java"), "-Xmx512m", f"-XX:MaxDirectMemorySize={options.direct_memory}"]
    java += ["-cp", class_path, "io.dlioflink.benchmark.ObjectPasses", action]
    java += [f"{options.store}://{CONTAINERS[options.store]}", str(listed), str(size)]
    commands = {
        client: [*java, *(word.format(client) for word in store)] for client in ("lean", "sdk")
    }
    # It does not find the id of an upload in what S3Proxy answers.
    if options.store == "s3" and getattr(options, "server", "sink") == "sink":
        commands["crt"] = [*java, "client=crt", f"endpoint_url={endpoint}"]
    if action == "put":
        copied = commands["lean"].copy()
        copied[copied.index("put")] = "put-copied"
        commands["lean, copied"] = copied
    if options.python and options.store == "s3":
        script = str(pathlib.Path(__file__).with_name("object_yardsticks.py"))
        for client in options.others.split(","):
            commands[client] = [options.python, script, client, action, endpoint, BUCKET]
            commands[client] += [str(listed), str(size)]
    return commands


def set_credentials():
    """The servers look at no signature, but it has to be made."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench-secret", AWS_REGION="us-east-1"
    )


def _rows(label, concurrency, results):
    def median(name, field):
        return statistics.median(getattr(one, field) for one in results[name])

    rows = []
    for name in results:
        cpu, rate = median(name, "cpu_per_request"), median(name, "bytes_per_second")
        rows.append(
            [
                label,
                concurrency,
                name,
                f"{1e6 * cpu:,.4g}",
                f"{cpu / median('floor', 'cpu_per_request'):.2f}",
                f"{rate / 1e6:,.4g}",
                f"{rate / median('floor', 'bytes_per_second'):.2f}",
            ]
        )
    return rows
