"""Reads objects back with google-cloud-storage, and writes one: argument is an endpoint."""
import hashlib
import sys

from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

endpoint, bucket_name, prefix = sys.argv[1:]
client = storage.Client(
    project="test",
    credentials=AnonymousCredentials(),
    client_options=ClientOptions(api_endpoint=endpoint),
)
bucket = client.bucket(bucket_name)
for blob in client.list_blobs(bucket_name, prefix=prefix + "/"):
    content = blob.download_as_bytes()
    print(blob.name, len(content), hashlib.sha256(content).hexdigest())
bucket.blob(prefix + "/of python").upload_from_string(b"written by Python")
