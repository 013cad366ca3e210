"""The stores of files, with direct access to their blobs, around the portal.

The S3 server is a real one (rclone, see tools/rclone.py): it checks the key, the signature and the
MD5 of every request.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import pytest

from portaal.gateways.blobs import Blobs, DiskBlobs
from portaal.gateways.blobs.s3 import S3Blobs, S3Location

RCLONE = Path(__file__).parent.parent / ".stamps" / "rclone"
START_SECONDS = 20


class Hands(Protocol):
    """Direct access to a store."""

    folder: Path

    def store(self) -> Blobs: ...
    def ids(self) -> set[UUID]: ...
    def read(self, blob_id: UUID) -> bytes: ...
    def write(self, blob_id: UUID, content: bytes) -> None: ...
    def remove(self, blob_id: UUID) -> None: ...
    def unfinished(self) -> int: ...

    def set_back(self, blob_id: UUID, age: timedelta) -> None:
        """Set the age of a blob."""


class DiskHands:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def store(self) -> Blobs:
        return DiskBlobs(self.folder)

    def ids(self) -> set[UUID]:
        return {UUID(path.name) for path in self.folder.glob("??/??/*")}

    def read(self, blob_id: UUID) -> bytes:
        return self._path(blob_id).read_bytes()

    def write(self, blob_id: UUID, content: bytes) -> None:
        self._path(blob_id).parent.mkdir(parents=True, exist_ok=True)
        self._path(blob_id).write_bytes(content)

    def remove(self, blob_id: UUID) -> None:
        self._path(blob_id).unlink()

    def set_back(self, blob_id: UUID, age: timedelta) -> None:
        then = time.time() - age.total_seconds()
        os.utime(self._path(blob_id), (then, then))

    def unfinished(self) -> int:
        return len(list(self.folder.glob("tmp/*")))

    def _path(self, blob_id: UUID) -> Path:
        return self.folder / blob_id.hex[:2] / blob_id.hex[2:4] / str(blob_id)


class S3Hands:
    """Direct access to a new bucket on the server."""

    def __init__(self, server: S3Server, prefix: str = "") -> None:
        bucket = f"test-{uuid4()}"
        self.location = S3Location(server.endpoint, bucket, prefix, server.key, server.secret)
        self.folder = server.folder / bucket
        self.client = S3Blobs(self.location).client
        self.bucket = {"Bucket": bucket}
        self.client.create_bucket(**self.bucket)

    def store(self) -> Blobs:
        return S3Blobs(self.location)

    def ids(self) -> set[UUID]:
        return {UUID(key.rpartition("/")[2]) for key in self._keys()}

    def read(self, blob_id: UUID) -> bytes:
        return self.client.get_object(**self.bucket, Key=self._key(blob_id))["Body"].read()

    def write(self, blob_id: UUID, content: bytes) -> None:
        self.client.put_object(**self.bucket, Key=self._key(blob_id), Body=content)

    def remove(self, blob_id: UUID) -> None:
        self.client.delete_object(**self.bucket, Key=self._key(blob_id))

    def set_back(self, blob_id: UUID, age: timedelta) -> None:
        then = time.time() - age.total_seconds()
        os.utime(self.folder / self._key(blob_id), (then, then))

    def unfinished(self) -> int:
        try:
            return len(self.client.list_multipart_uploads(**self.bucket).get("Uploads", []))
        except self.client.exceptions.NoSuchUpload:  # rclone answers so to an empty list
            return 0

    def _keys(self) -> list[str]:
        contents = self.client.list_objects_v2(**self.bucket).get("Contents", [])
        return [entry["Key"] for entry in contents]

    def _key(self, blob_id: UUID) -> str:
        start = f"{self.location.prefix}/" if self.location.prefix else ""
        return f"{start}{blob_id.hex[:2]}/{blob_id.hex[2:4]}/{blob_id}"


class S3Server:
    """rclone that serves a folder on a free port.

    `start` and `kill` may be called again.
    """

    def __init__(self, folder: Path) -> None:
        if not RCLONE.exists():
            pytest.skip("no S3 server here: `make .stamps/rclone` fetches it")
        self.folder, self.key, self.secret = folder, "portaal", secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[Any] | None = None

    def start(self) -> None:
        options = (
            "--no-cleanup",
            "--vfs-cache-mode=off",
            "--dir-cache-time=1ms",
            "--config=/dev/null",
            "--log-level=ERROR",
        )
        self.process = subprocess.Popen(
            [RCLONE, "serve", "s3", f"--addr=127.0.0.1:{self.port}", *options, self.folder],
            env={"RCLONE_AUTH_KEY": f'"{self.key},{self.secret}"', "HOME": str(self.folder)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("the S3 server did not start")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


@contextmanager
def s3_server(folder: Path) -> Iterator[S3Server]:
    server = S3Server(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
