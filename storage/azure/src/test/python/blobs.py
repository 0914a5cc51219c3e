"""Reads blobs back with azure-storage-blob, and writes one: argument is a connection string."""
import hashlib
import sys

from azure.storage.blob import BlobServiceClient

connection, container, prefix = sys.argv[1:]
# The emulator knows no newer version than its own.
service = BlobServiceClient.from_connection_string(connection, api_version="2021-12-02")
client = service.get_container_client(container)
for blob in client.list_blobs(name_starts_with=prefix + "/"):
    content = client.download_blob(blob.name).readall()
    print(blob.name, len(content), hashlib.sha256(content).hexdigest())
client.upload_blob(prefix + "/of python", b"written by Python", overwrite=True)
