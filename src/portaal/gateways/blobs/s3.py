"""Blobs in a bucket of an object store that speaks S3: `<prefix>/<aa>/<bb>/<uuid>`, the layout that the folder has.

What is written goes out in parts while it comes in, so no file is held in memory. Each part carries its MD5: the server refuses
bytes that changed on the way. `keep` returns only after the server's last 200: the durability is then the store's.
boto3 is an optional package (requirements-s3.txt), so it is imported when a store is opened.
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

from . import StoreAway

PART_BYTES = 5 * 1024 * 1024  # the least that S3 takes for any part but the last
READ_BYTES = 128 * 1024
CONNECT_SECONDS, ANSWER_SECONDS, ATTEMPTS = 3, 20, 3


@dataclass(frozen=True)
class Place:
    """A bucket, or a folder in it, and the key to it."""

    endpoint: str
    bucket: str
    prefix: str
    key: str
    secret: str = field(repr=False)
    region: str = "us-east-1"
    addressing: str = "path"

    @classmethod
    def parse(cls, url: str) -> Place:
        """Reads `https://key:secret@host/bucket/prefix?region=…&addressing=…`. Raises ValueError."""
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
    def __init__(self, place: Place) -> None:
        self.place, self.client = place, _client(place)

    def writer(self, name: UUID) -> S3BlobWriter:
        return S3BlobWriter(self, self._key(name))

    def open(self, name: UUID) -> BinaryIO:
        body = self.ask("get_object", Key=self._key(name))["Body"]
        return cast(BinaryIO, io.BufferedReader(_Body(body), READ_BYTES))

    def delete(self, name: UUID) -> None:
        with suppress(FileNotFoundError):
            self.ask("delete_object", Key=self._key(name))

    def names(self) -> Iterator[tuple[UUID, float]]:
        for thing in self._list("list_objects_v2", "Contents"):
            with suppress(ValueError):  # a stray object is not ours
                yield UUID(thing["Key"].rpartition("/")[2]), thing["LastModified"].timestamp()

    def drop_drafts(self, *, before: float) -> int:
        old = []
        with suppress(FileNotFoundError):  # some servers say so where there are none
            uploads = self._list("list_multipart_uploads", "Uploads")
            old = [upload for upload in uploads if upload["Initiated"].timestamp() < before]
        for upload in old:
            with suppress(FileNotFoundError):
                self.ask("abort_multipart_upload", Key=upload["Key"], UploadId=upload["UploadId"])
        return len(old)

    def ask(self, act: str, **what: Any) -> Any:
        """One request to the bucket. Raises FileNotFoundError, or StoreAway for all else that goes wrong."""
        with _translated():
            return getattr(self.client, act)(Bucket=self.place.bucket, **what)

    def _list(self, act: str, field: str) -> Iterator[Any]:
        with _translated():
            for page in self.client.get_paginator(act).paginate(
                Bucket=self.place.bucket, Prefix=self._folder
            ):
                yield from page.get(field, [])

    def _key(self, name: UUID) -> str:
        return f"{self._folder}{name.hex[:2]}/{name.hex[2:4]}/{name}"

    @property
    def _folder(self) -> str:
        return f"{self.place.prefix}/" if self.place.prefix else ""


class S3BlobWriter:
    """Holds at most one part. What fits in one goes out in one request; a larger blob is an upload of parts."""

    def __init__(self, store: S3Blobs, key: str) -> None:
        self.store, self.key = store, key
        self.waiting, self.upload, self.parts = bytearray(), "", list[dict[str, Any]]()

    def write(self, data: bytes) -> None:
        self.waiting += data
        while len(self.waiting) > PART_BYTES:
            self._send_part(bytes(self.waiting[:PART_BYTES]))
            del self.waiting[:PART_BYTES]

    def keep(self) -> None:
        rest = bytes(self.waiting)
        if not self.upload:
            self.store.ask("put_object", Key=self.key, Body=rest, ContentMD5=_md5(rest))
            return
        self._send_part(rest)
        self.store.ask(
            "complete_multipart_upload",
            Key=self.key,
            UploadId=self.upload,
            MultipartUpload={"Parts": self.parts},
        )

    def drop(self) -> None:
        if self.upload:
            with suppress(FileNotFoundError):
                self.store.ask("abort_multipart_upload", Key=self.key, UploadId=self.upload)

    def _send_part(self, data: bytes) -> None:
        if not self.upload:
            self.upload = self.store.ask("create_multipart_upload", Key=self.key)["UploadId"]
        number = len(self.parts) + 1
        part = {
            "Key": self.key,
            "UploadId": self.upload,
            "PartNumber": number,
            "Body": data,
            "ContentMD5": _md5(data),
        }
        self.parts.append(
            {"PartNumber": number, "ETag": self.store.ask("upload_part", **part)["ETag"]}
        )


class _Body(io.RawIOBase):
    """An answer's body as a file, with errors that the domain knows; one that breaks off early is an error."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _translated():
            data = self.body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.body.close()
        super().close()


@lru_cache(maxsize=2)
def _client(place: Place) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(
        request_checksum_calculation="when_required",  # the newer checksums are not known to every server
        response_checksum_validation="when_required",
        s3={"addressing_style": place.addressing},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=ANSWER_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=32,
    )
    return boto3.client(
        "s3",
        endpoint_url=place.endpoint,
        aws_access_key_id=place.key,
        aws_secret_access_key=place.secret,
        region_name=place.region,
        config=config,
    )


@contextmanager
def _translated() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as fault:
        code = fault.response.get("Error", {}).get("Code", "")
        if code in ("NoSuchKey", "NoSuchUpload"):
            raise FileNotFoundError(code) from fault
        raise StoreAway(f"the object store refused: {code}") from fault
    except BotoCoreError as fault:
        raise StoreAway(f"the object store did not answer: {type(fault).__name__}") from fault


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
