# SPDX-License-Identifier: Apache-2.0
"""
Reads or writes whole objects with other clients: a line "threads requests" asks for one pass, a line
of JSON tells what it took. Arguments: client, "get" or "put", endpoint, bucket, file with keys, bytes.
"""

import io
import itertools
import json
import sys
import threading
import time


def boto3_client(endpoint):
    import boto3
    from botocore.config import Config

    session = boto3.session.Session()
    return session.client(
        "s3",
        endpoint_url=endpoint,
        config=Config(
            max_pool_connections=64,
            s3={"addressing_style": "path"},
            response_checksum_validation="when_required",
        ),
    )


def boto3_pass(action, endpoint, bucket, content):
    client = boto3_client(endpoint)

    def get(key):
        return len(client.get_object(Bucket=bucket, Key=key)["Body"].read())

    def put(key):
        client.upload_fileobj(io.BytesIO(content), bucket, key)
        return len(content)

    return get if action == "get" else put


def s3dlio_pass(action, endpoint, bucket, content):
    import os

    os.environ["AWS_ENDPOINT_URL"] = endpoint
    import s3dlio

    def get(key):
        return len(s3dlio.get(f"s3://{bucket}/{key}"))

    def put(key):
        s3dlio.put_bytes(f"s3://{bucket}/{key}", content)
        return len(content)

    return get if action == "get" else put


def main():
    client, action, endpoint, bucket, names, size = sys.argv[1:]
    content = bytes(int(size)) if action == "put" else b""
    move = {"boto3": boto3_pass, "s3dlio": s3dlio_pass}[client](action, endpoint, bucket, content)
    with open(names, encoding="utf-8") as file:
        keys = file.read().split("\n")[:-1]
    for line in sys.stdin:
        threads, requests = map(int, line.split())
        numbers = itertools.count()
        sums = [0] * threads

        def work(thread):
            while (number := next(numbers)) < requests:
                sums[thread] += move(keys[number % len(keys)])

        cpu, start = time.process_time(), time.perf_counter()
        workers = [threading.Thread(target=work, args=(t,)) for t in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        answer = {
            "requests": requests,
            "bytes": sum(sums),
            "seconds": time.perf_counter() - start,
            "cpu_seconds": time.process_time() - cpu,
        }
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
