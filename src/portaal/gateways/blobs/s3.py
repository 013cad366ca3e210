"""Blobs in a bucket of an S3 server.

The keys are `<prefix>/<aa>/<bb>/<uuid>`, as the paths in the folder of `disk`.
Bytes are sent while they arrive, in parts of a multipart upload, so no file is held in memory.
Each part has its MD5, and the server rejects changed bytes. `commit` returns after the server's
last 200: durability is then up to the store. boto3 is an optional package (requirements-s3.txt),
so it is imported when a store is opened.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import UUID

from . import StoreUnavailable

PART_BYTES = 5 * 1024 * 1024  # the minimum of S3 for every part except the last
READ_BYTES = 128 * 1024
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 3, 20, 3


@dataclass(frozen=True)
class S3Location:
    """A bucket, or a folder in it, with its credentials."""

    endpoint: str
    bucket: str
    prefix: str
    key: str
    secret: str = field(repr=False)
    region: str = "us-east-1"
    addressing: str = "path"

    @classmethod
    def parse(cls, url: str) -> S3Location:
        """Parse `https://key:secret@host/bucket/prefix?region=…&addressing=…`.

        Raises ValueError with a text that follows the name of the setting.
        """
        parts = urlsplit(url)
        bucket, _, prefix = parts.path.strip("/").partition("/")
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        if parts.scheme not in ("http", "https") or not (
            parts.hostname and parts.username and parts.password and bucket
        ):
            raise ValueError("must be like https://key:secret@host/bucket")
        if unknown := sorted(options.keys() - {"region", "addressing"}):
            raise ValueError(f"has no option {unknown[0]}, only region and addressing")
        if options.get("addressing", "path") not in ("path", "virtual"):
            raise ValueError("must have addressing=path or addressing=virtual")
        host = parts.netloc.rpartition("@")[2]
        return cls(
            f"{parts.scheme}://{host}",
            bucket,
            prefix,
            unquote(parts.username),
            unquote(parts.password),
            **options,
        )


class S3Blobs:
    def __init__(self, location: S3Location) -> None:
        self.location, self.client = location, _client(location)

    def writer(self, blob_id: UUID) -> S3BlobWriter:
        return S3BlobWriter(self, self._key(blob_id))

    def open(self, blob_id: UUID) -> BinaryIO:
        body = self.request("get_object", Key=self._key(blob_id))["Body"]
        return cast(BinaryIO, io.BufferedReader(_Body(body), READ_BYTES))

    def delete(self, blob_id: UUID) -> None:
        with suppress(FileNotFoundError):
            self.request("delete_object", Key=self._key(blob_id))

    def ids(self) -> Iterator[tuple[UUID, float]]:
        for entry in self._list("list_objects_v2", "Contents"):
            with suppress(ValueError):  # not a blob of ours
                yield UUID(entry["Key"].rpartition("/")[2]), entry["LastModified"].timestamp()

    def delete_unfinished(self, *, before: float) -> int:
        old = []
        with suppress(FileNotFoundError):  # some servers answer 404 to an empty list
            uploads = self._list("list_multipart_uploads", "Uploads")
            old = [upload for upload in uploads if upload["Initiated"].timestamp() < before]
        for upload in old:
            with suppress(FileNotFoundError):
                self.request(
                    "abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"]
                )
        return len(old)

    def request(self, method: str, **params: Any) -> Any:
        """Call a method of the client on the bucket.

        Raises FileNotFoundError, or StoreUnavailable for any other error.
        """
        with _translated_errors():
            return getattr(self.client, method)(Bucket=self.location.bucket, **params)

    def _list(self, method: str, field: str) -> Iterator[Any]:
        with _translated_errors():
            for page in self.client.get_paginator(method).paginate(
                Bucket=self.location.bucket, Prefix=self._folder
            ):
                yield from page.get(field, [])

    def _key(self, blob_id: UUID) -> str:
        return f"{self._folder}{blob_id.hex[:2]}/{blob_id.hex[2:4]}/{blob_id}"

    @property
    def _folder(self) -> str:
        return f"{self.location.prefix}/" if self.location.prefix else ""


class S3BlobWriter:
    """Writes one blob: in one request if it fits in a part, else as a multipart upload.

    Holds at most one part in memory.
    """

    def __init__(self, store: S3Blobs, key: str) -> None:
        self.store, self.key = store, key
        self.buffer, self.upload_id, self.parts = bytearray(), "", list[dict[str, Any]]()

    def write(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) > PART_BYTES:
            self._send_part(bytes(self.buffer[:PART_BYTES]))
            del self.buffer[:PART_BYTES]

    def commit(self) -> None:
        rest = bytes(self.buffer)
        if not self.upload_id:
            self.store.request("put_object", Key=self.key, Body=rest, ContentMD5=_md5(rest))
            return
        self._send_part(rest)
        self.store.request(
            "complete_multipart_upload",
            Key=self.key,
            UploadId=self.upload_id,
            MultipartUpload={"Parts": self.parts},
        )

    def abort(self) -> None:
        if self.upload_id:
            with suppress(FileNotFoundError):
                self.store.request("abort_multipart_upload", Key=self.key, UploadId=self.upload_id)

    def _send_part(self, data: bytes) -> None:
        if not self.upload_id:
            self.upload_id = self.store.request("create_multipart_upload", Key=self.key)["UploadId"]
        number = len(self.parts) + 1
        part = {
            "Key": self.key,
            "UploadId": self.upload_id,
            "PartNumber": number,
            "Body": data,
            "ContentMD5": _md5(data),
        }
        self.parts.append(
            {"PartNumber": number, "ETag": self.store.request("upload_part", **part)["ETag"]}
        )


class _Body(io.RawIOBase):
    """A response body as a file, with translated errors; one that ends early is an error."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _translated_errors():
            data = self.body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.body.close()
        super().close()


@lru_cache(maxsize=2)
def _client(location: S3Location) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        # Not every server supports the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": location.addressing},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=32,
    )
    return boto3.client(
        "s3",
        endpoint_url=location.endpoint,
        aws_access_key_id=location.key,
        aws_secret_access_key=location.secret,
        region_name=location.region,
        config=config,
    )


@contextmanager
def _translated_errors() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        if code in ("NoSuchKey", "NoSuchUpload"):
            raise FileNotFoundError(code) from error
        raise StoreUnavailable(f"the object store refused: {code}") from error
    except BotoCoreError as error:
        raise StoreUnavailable(
            f"the object store did not answer: {type(error).__name__}"
        ) from error


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
