# SPDX-License-Identifier: Apache-2.0
"""
Reads whole objects with other clients: a line "threads requests" asks for one pass, a line of JSON
tells what it took. Arguments: client, endpoint, bucket, file with keys.
"""

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


def boto3_get(endpoint, bucket):
    client = boto3_client(endpoint)
    return lambda key: len(client.get_object(Bucket=bucket, Key=key)["Body"].read())


def s3dlio_get(endpoint, bucket):
    import os

    os.environ["AWS_ENDPOINT_URL"] = endpoint
    import s3dlio

    return lambda key: len(s3dlio.get(f"s3://{bucket}/{key}"))


def main():
    client, endpoint, bucket, names = sys.argv[1:]
    get = {"boto3": boto3_get, "s3dlio": s3dlio_get}[client](endpoint, bucket)
    with open(names, encoding="utf-8") as file:
        keys = file.read().split("\n")[:-1]
    for line in sys.stdin:
        threads, requests = map(int, line.split())
        numbers = itertools.count()
        sums = [0] * threads

        def work(thread):
            while (number := next(numbers)) < requests:
                sums[thread] += get(keys[number % len(keys)])

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
