# SPDX-License-Identifier: Apache-2.0
"""Servers on loopback that speak enough of S3 to be measured against, and are not the bottleneck."""

import contextlib
import getpass
import os
import socket
import subprocess
import time
import urllib.parse
from xml.sax.saxutils import escape

from . import floor, program

BUCKET = "bench"

NGINX = """
daemon off; {user} worker_processes auto; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nodelay on; keepalive_requests 1000000000; keepalive_timeout 1h;
  open_file_cache max=100000 inactive=1h; open_file_cache_valid 1h;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  map $arg_prefix $listing {{ default none.xml; {listings} }}
  server {{
    listen 127.0.0.1:{port}; root {root}; etag on;
    location = /{bucket} {{ default_type application/xml; alias {work}/listings/$listing; }}
  }}
}}
"""


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def nginx(work, root, listed=()):
    """Serves the files below a folder, and listings of these prefixes as they are now; signs nothing."""
    port = _free_port()
    listings = work / "listings"
    listings.mkdir(exist_ok=True)
    (listings / "none.xml").write_text(_listing("", []), encoding="utf-8")
    names = []
    for number, prefix in enumerate(listed):
        files = sorted(path for path in (root / BUCKET / prefix).rglob("*") if path.is_file())
        entries = [(str(path.relative_to(root / BUCKET)), path.stat().st_size) for path in files]
        (listings / f"{number}.xml").write_text(_listing(prefix, entries), encoding="utf-8")
        names.append(f"{urllib.parse.quote(prefix, safe='')} {number}.xml;")
    configuration = work / "nginx.conf"
    # Else the workers of a server that root starts belong to somebody else.
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    configuration.write_text(
        NGINX.format(
            work=work, root=root, port=port, user=user, bucket=BUCKET, listings=" ".join(names)
        ),
        encoding="utf-8",
    )
    server = subprocess.Popen([program.require("nginx"), "-c", str(configuration), "-p", str(work)])
    try:
        _await(port, f"nginx did not start; see {work}/error.log")
        yield port
    finally:
        server.terminate()
        server.wait()


def _listing(prefix, entries):
    contents = "".join(
        f"<Contents><Key>{escape(key)}</Key><Size>{size}</Size>"
        "<LastModified>2000-01-01T00:00:00.000Z</LastModified></Contents>"
        for key, size in entries
    )
    return (
        "<ListBucketResult>"
        f"<Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix><KeyCount>{len(entries)}</KeyCount>"
        f"<IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
    )


@contextlib.contextmanager
def sink(work):
    """Takes objects and keeps none."""
    server = subprocess.Popen(
        [str(floor.build("sink_objects", work))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield int(server.stdout.readline())
    finally:
        server.stdin.close()
        server.wait()


S3PROXY = """
s3proxy.endpoint=http://127.0.0.1:{port}
s3proxy.authorization=none
jclouds.provider=filesystem-nio2
jclouds.filesystem.basedir={root}
jclouds.identity=none
jclouds.credential=none
"""


@contextlib.contextmanager
def s3proxy(work):
    """A whole store, written in Java; it looks at no signature, so that a plain socket may write, too."""
    jar = program.REPOSITORY / "storage" / "s3" / "target" / "s3proxy" / "s3proxy.jar"
    port = _free_port()
    root = work / "s3proxy"
    (root / BUCKET).mkdir(parents=True, exist_ok=True)
    settings = work / "s3proxy.properties"
    settings.write_text(S3PROXY.format(port=port, root=root), encoding="utf-8")
    environment = dict(os.environ, LOG_LEVEL="warn", JETTY_LOG_LEVEL="warn")
    command = [program.require("java"), "-Xmx2g", "-jar", str(jar), "--properties", str(settings)]
    log = work / "s3proxy.log"
    with open(log, "w", encoding="utf-8") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    try:
        _await(port, f"s3proxy did not start; see {log}")
        yield port
    finally:
        server.terminate()
        server.wait()


def _await(port, complaint):
    for _ in range(400):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(complaint)
