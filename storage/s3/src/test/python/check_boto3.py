# SPDX-License-Identifier: Apache-2.0
"""Reads with boto3 what dlio-flink wrote, and writes objects for it to read.

usage: check_boto3.py ENDPOINT BUCKET PREFIX LIST

LIST has a line per object below PREFIX: SHA-256, length in bytes, key. Keys of the store come from
the environment, as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
"""
import hashlib
import io
import sys

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

MIB = 1 << 20


def main(endpoint, bucket, prefix, listing):
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )
    with open(listing, encoding="utf-8") as lines:
        expected = {
            key: (digest, int(length))
            for digest, length, key in (line.rstrip("\n").split(" ", 2) for line in lines)
        }

    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    listed = {item["Key"]: item["Size"] for page in pages for item in page.get("Contents", [])}
    failed = 0
    if listed != {key: length for key, (_, length) in expected.items()}:
        print("listing differs:", sorted(set(listed) ^ set(expected))[:10])
        failed += 1

    for key, (digest, length) in expected.items():
        body = client.get_object(Bucket=bucket, Key=key)["Body"].read()
        if len(body) != length or hashlib.sha256(body).hexdigest() != digest:
            print("differs:", key, len(body), length)
            failed += 1
    print(f"{len(expected)} objects checked, {failed} failed")

    # Byte i is i * 7 + length modulo 251.
    for length in (0, 1, 70_000, 17 * MIB + 3):
        pattern = bytes((i * 7 + length) % 251 for i in range(251))
        body = (pattern * (length // 251 + 1))[:length]
        client.upload_fileobj(
            io.BytesIO(body),
            bucket,
            f"{prefix}by boto3/{length}",
            Config=TransferConfig(multipart_threshold=8 * MIB, multipart_chunksize=5 * MIB),
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
