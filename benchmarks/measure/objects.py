# SPDX-License-Identifier: Apache-2.0
"""Reading objects over loopback from nginx, which signs nothing and is not the bottleneck."""

import contextlib
import getpass
import os
import pathlib
import socket
import statistics
import subprocess
import time
from collections import namedtuple

from . import floor, planning, program, rounds
from .formats import Worker

NGINX = """
daemon off; {user} worker_processes auto; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000000; keepalive_timeout 1h;
  open_file_cache max=10000 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  server {{ listen 127.0.0.1:{port}; root {root}; etag on; }}
}}
"""

BUCKET = "bench"

# Bytes: how many objects, and how many seconds of requests make a pass.
SIZES = {"64KiB": (1 << 16, 256), "1MiB": (1 << 20, 64), "64MiB": (1 << 26, 4)}
PASS_SECONDS = 1.0
WARM_UP_SECONDS = 5.0

HEADINGS = ["object", "concurrency", "client", "CPU us/request", "to the floor", "MB/s", "to the floor"]

Pass = namedtuple("Pass", "cpu_per_request bytes_per_second")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _nginx(work, root):
    port = _free_port()
    configuration = work / "nginx.conf"
    # Else the workers of a server that root starts belong to somebody else.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    configuration.write_text(
        NGINX.format(work=work, root=root, port=port, user=user), encoding="utf-8"
    )
    server = subprocess.Popen([program.require("nginx"), "-c", str(configuration), "-p", str(work)])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"nginx did not start; see {work}/error.log")
        yield port
    finally:
        server.terminate()
        server.wait()


class _Client:
    """A process that makes passes; its requests are as many as fill the time."""

    def __init__(self, worker, concurrency):
        self._worker = worker
        self._concurrency = concurrency
        self._requests = 2 * concurrency

    def warm_up(self):
        end = time.monotonic() + WARM_UP_SECONDS
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
    def __init__(self, binary, port, names, concurrency, requests):
        self._command = [str(word) for word in (binary, port, names, concurrency, requests)]

    def warm_up(self):
        self.run()

    def run(self):
        result = subprocess.run(self._command, check=True, capture_output=True, text=True)
        requests, done, seconds, user, system = map(float, result.stdout.split())
        return Pass((user + system) / requests, done / seconds)


def _make(root, size, count):
    folder = root / BUCKET
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
    binary = floor.build("get_objects", work)
    class_path = planning.class_path(work)
    rows = []
    with _nginx(work, root) as port:
        for label in options.sizes.split(","):
            size, count = SIZES[label]
            names = _make(root, size, count)
            listed = work / "names.txt"
            listed.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
            paths = work / "paths.txt"
            paths.write_text("".join(f"{BUCKET}/{name}\n" for name in names), encoding="utf-8")
            commands = _commands(options, class_path, port, listed, size)
            for concurrency in map(int, options.concurrency.split(",")):
                requests = max(64, (1 << 31) // size)
                with contextlib.ExitStack() as stack:
                    sides = {"floor": _Floor(binary, port, paths, concurrency, requests)}
                    for name, command in commands.items():
                        worker = stack.enter_context(Worker(command))
                        sides[name] = _Client(worker, concurrency)
                    for side in sides.values():
                        side.warm_up()
                    results = rounds.in_turn(
                        f"{label}, {concurrency}",
                        options.rounds,
                        {name: side.run for name, side in sides.items()},
                    )
                rows += _rows(label, concurrency, results)
            options.remove(root)
    rounds.table(HEADINGS, rows)


def _commands(options, class_path, port, listed, size):
    endpoint = f"http://127.0.0.1:{port}"
    os.environ.update(
        AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench-secret", AWS_REGION="us-east-1"
    )
    java = [program.require("java"), "-Xmx512m", "-XX:MaxDirectMemorySize=4g", "-cp", class_path]
    java += ["io.dlioflink.benchmark.ObjectReads", f"s3://{BUCKET}", str(listed), str(size)]
    java += [f"endpoint_url={endpoint}", "region=us-east-1"]
    commands = {client: [*java, f"client={client}"] for client in ("lean", "sdk")}
    if options.python:
        script = str(pathlib.Path(__file__).with_name("object_yardsticks.py"))
        for client in options.others.split(","):
            commands[client] = [options.python, script, client, endpoint, BUCKET, str(listed)]
    return commands


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
