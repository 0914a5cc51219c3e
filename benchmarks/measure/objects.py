# SPDX-License-Identifier: Apache-2.0
"""GETs from nginx on loopback: our S3 client and the SDK's against a plain socket."""

import getpass
import os
import pathlib
import socket
import statistics
import subprocess
import time

from . import planning, program, rounds
from .formats import Worker

SIZES = {"64 KiB": 64 << 10, "1 MiB": 1 << 20, "64 MiB": 64 << 20}
SIDES = ("raw", "lean", "sdk")
PASS_SECONDS = {"64 KiB": 1.0, "1 MiB": 1.0, "64 MiB": 2.0}
WARM_UP_SECONDS = 4

CONFIGURATION = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  sendfile on;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  open_file_cache max=1000 inactive=600s;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/objects;
  }}
}}
"""


class Server:
    """nginx with objects of each size."""

    def __init__(self, folder):
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        objects = folder / "objects" / "bucket"
        objects.mkdir(parents=True)
        for name, size in SIZES.items():
            (objects / name.replace(" ", "-")).write_bytes(os.urandom(size))
        configuration = folder / "nginx.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=folder,
                port=self.port,
                # Else the workers of a server that root starts belong to somebody else.
                user=f"user {getpass.getuser()};" if os.geteuid() == 0 else "",
            ), encoding="utf-8"
        )
        self._process = subprocess.Popen([program.require("nginx"), "-c", str(configuration)])

    def __enter__(self):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("nginx did not start; its messages are above")

    def __exit__(self, *failure):
        self._process.terminate()
        self._process.wait()


def objects(options):
    """GET of objects from nginx: our client and the SDK's against a plain socket."""
    work = pathlib.Path(options.dir)
    sizes = [size for size in SIZES if options.sizes == "all" or size in options.sizes.split(",")]
    rows = []
    with Server(work / "nginx") as server:
        command = [
            program.require("java"),
            "-XX:MaxDirectMemorySize=8g",
            "-cp",
            planning.class_path(work),
            "io.dlioflink.benchmark.ObjectGets",
            f"http://127.0.0.1:{server.port}",
        ]
        with Worker(command) as java:

            def run(side, size, threads, seconds):
                return java.ask(
                    f"{side} {size.replace(' ', '-')} {SIZES[size]} {threads} {seconds}"
                )

            for side in SIDES + SIDES:
                run(side, "64 KiB", 2, WARM_UP_SECONDS)
            for size in sizes:
                for threads in (int(n) for n in options.threads.split(",")):
                    sides = {
                        side: (lambda side=side: run(side, size, threads, PASS_SECONDS[size]))
                        for side in SIDES
                    }
                    figures = rounds.in_turn(f"{size}, {threads} threads", options.rounds, sides)
                    rows.append([size, str(threads), *_figures(figures, SIZES[size])])
    rounds.table(
        ["object", "threads"]
        + [f"{side} CPU us" for side in SIDES]
        + [f"{side} MB/s" for side in SIDES]
        + ["lean / raw by CPU", "sdk / lean by CPU"],
        rows,
    )


def _figures(figures, size):
    cpu, rate = {}, {}
    for side, passes in figures.items():
        cpu[side] = statistics.median(1e6 * one["cpu_seconds"] / one["requests"] for one in passes)
        rate[side] = statistics.median(
            one["requests"] * size / one["seconds"] / 1e6 for one in passes
        )
    return (
        [f"{cpu[side]:,.0f}" for side in SIDES]
        + [f"{rate[side]:,.0f}" for side in SIDES]
        + [f"{cpu['lean'] / cpu['raw']:.2f}", f"{cpu['sdk'] / cpu['lean']:.1f}"]
    )
