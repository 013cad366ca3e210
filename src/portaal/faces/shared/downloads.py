"""File responses, decrypted segment by segment and sandboxed by the browser (R58)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import PurePath
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from portaal.domain.files.kinds import SHOWN
from portaal.domain.files.models import OpenedFile, StoredFile
from portaal.domain.files.names import clean_name

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

Request = TypeVar("Request", bound=HttpRequest)
Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[Request, Arguments], HttpResponseBase]


def same_site(view: View[Request, Arguments]) -> View[Request, Arguments]:
    """Refuse cross-site requests for a file (R62)."""

    @wraps(view)
    def respond(
        request: Request, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponseBase:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return respond  # type: ignore[return-value]  # mypy takes `request` for a keyword too


def file_response(
    opened: OpenedFile, *, inline: bool = False, name: str = ""
) -> StreamingHttpResponse:
    """Stream the bytes of a file as they were received.

    `inline` shows the file in the browser, if its type is one of SHOWN. `name` has no extension and
    replaces the file's own name. A segment that was tampered with ends the response before the
    promised length.
    """
    file = opened.file
    is_saved = not inline or file.content_type not in SHOWN
    response = _streamed(
        opened.chunks, file.content_type, _renamed(file.name, name), is_saved=is_saved
    )
    response.headers["Content-Length"] = str(file.size)
    return response


def zip_response(files: Iterable[StoredFile], name: str) -> StreamingHttpResponse:
    """Stream the files as one ZIP called `name`, built while it is sent.

    The caller has checked and recorded the download of each file. A file that was tampered with
    ends the stream before the central directory, so that no program takes the ZIP for complete.
    Raises StoreUnavailable if the first file cannot be opened, as no bytes were sent then.
    """
    chunks = _zipped(files)
    opened = _resumed(next(chunks), chunks)
    return _streamed(opened, "application/zip", clean_name(name), is_saved=True)


def _resumed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _renamed(own: str, name: str) -> str:
    """Return `name` with the extension of `own`; `own` itself if nothing usable is left of it."""
    ending = PurePath(own).suffix
    stem = re.sub(r"[/\\]", "-", name).rstrip(" .")
    if stem.casefold().endswith(ending.casefold()):
        stem = stem[: len(stem) - len(ending)]
    renamed = clean_name(f"{stem}{ending}")
    return renamed if stem and renamed.endswith(ending) else own


def _streamed(
    chunks: Iterator[bytes], content_type: str, name: str, *, is_saved: bool
) -> StreamingHttpResponse:
    response = StreamingHttpResponse(chunks, content_type=content_type)
    disposition = content_disposition_header(is_saved, name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _zipped(files: Iterable[StoredFile]) -> Iterator[bytes]:
    """Yield a ZIP in chunks. Stored, not deflated: most files are compressed already."""
    # No `with`: an error must not close the archive, which would make it look complete.
    sink, used = _Sink(), set[str]()
    archive = ZipFile(sink, "w", ZIP_STORED)
    for file in files:
        received_at = localtime(file.received_at).timetuple()[:6]
        entry = ZipInfo(_unused(clean_name(file.name), used), received_at)
        # Decides between ZIP and ZIP64; the real size follows the bytes.
        entry.file_size = file.size or 0
        with archive.open(entry, "w") as out:
            for chunk in file.chunks():
                out.write(chunk)
                yield sink.take()
    archive.close()
    yield sink.take()


def _unused(name: str, used: set[str]) -> str:
    """Return the name, or "name (2)" if it is in use, ignoring case as many systems do."""
    path, count, unused = PurePath(name), 2, name
    while unused.casefold() in used:
        unused, count = f"{path.stem} ({count}){path.suffix}", count + 1
    used.add(unused.casefold())
    return unused


class _Sink(io.RawIOBase):
    """Write-only file of a ZIP in the making, emptied by `take` after each chunk."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        self.waiting += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken
