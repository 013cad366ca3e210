"""Giving a file out: checked and opened segment by segment, never as something that can run (security.md B5 58)."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import PurePath
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime

from portaal.domain.files.intake import clean_name
from portaal.domain.files.models import StoredFile
from portaal.domain.messaging.models import Attachment

POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
SHOWN = ("application/pdf", "image/jpeg", "image/png")  # 'Bekijken': what a browser shows by itself

View = Callable[..., HttpResponseBase]


def from_here(view: View) -> View:
    """For a view that gives a file: not to a page of another site (B5 62)."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return respond


def file_response(
    file: StoredFile, *, inline: bool = False, name: str = ""
) -> StreamingHttpResponse:
    """The bytes as they were received. Raises before the first byte when they were changed; later it breaks off short of the
    length that it promised. `inline` shows it in the browser, where its type is one that a browser shows. `name`, without an
    ending, is what it is saved as instead of its own name."""
    is_saved = not inline or file.content_type not in SHOWN
    response = _streamed(
        file.chunks(), file.content_type, _renamed(file.name, name), is_saved=is_saved
    )
    response.headers["Content-Length"] = str(file.size)
    return response


def with_shown(attachments: list[Attachment]) -> list[Attachment]:
    """Adds `can_be_shown`: whether a browser shows the file, or the copy that was made of it."""
    for attachment in attachments:
        attachment.can_be_shown = attachment.file.readable.content_type in SHOWN
    return attachments


def zip_response(files: Iterable[StoredFile], name: str) -> StreamingHttpResponse:
    """All of them in one ZIP called `name`, made while it is sent. A file that was changed breaks it off before its table of
    contents, so that nothing takes it for whole. The caller has asked, and noted, for each file."""
    return _streamed(_zipped(files), "application/zip", clean_name(name), is_saved=True)


def _renamed(own: str, name: str) -> str:
    """The name with the ending of the file's own; that own one where nothing fit to be a name is left of it."""
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
    response.headers["Content-Disposition"] = content_disposition_header(is_saved, name)
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _zipped(files: Iterable[StoredFile]) -> Iterator[bytes]:
    """Not compressed: what people send is already. No `with`: where it breaks off, the archive must not be closed as if whole."""
    sink, used = _Sink(), set[str]()
    archive = ZipFile(sink, "w", ZIP_STORED)
    for file in files:
        entry = ZipInfo(
            _unused(clean_name(file.name), used), localtime(file.received_at).timetuple()[:6]
        )
        entry.file_size = (
            file.size
        )  # tells whether it needs the large form; the real size follows the bytes
        with archive.open(entry, "w") as out:
            for chunk in file.chunks():
                out.write(chunk)
                yield sink.take()
    archive.close()
    yield sink.take()


def _unused(name: str, used: set[str]) -> str:
    """The name, or 'name (2)' where it was used: many systems see no difference between capitals and small letters."""
    path, number, chosen = PurePath(name), 2, name
    while chosen.casefold() in used:
        chosen, number = f"{path.stem} ({number}){path.suffix}", number + 1
    used.add(chosen.casefold())
    return chosen


class _Sink(io.RawIOBase):
    """Where the archive is written, and taken from at once."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.waiting += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self.waiting)
        self.waiting.clear()
        return taken
