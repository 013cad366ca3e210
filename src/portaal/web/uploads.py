"""Taking a file in: a handler that seals what arrives while it arrives, so that no clear byte is spooled to disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portaal.domain.files.intake import IncomingFile, StoredBytes

log = logging.getLogger("portaal.web")

View = Callable[..., HttpResponse]

FORM_FILES_MAX = 20  # security.md B5 53
SMALL_MAX = 1_000_000  # bytes; larger than anything that such a form takes


class SealedUpload(UploadedFile):
    """What a form sees of a file that lies sealed in the store; or of one that the store could not keep."""

    def __init__(self, name: str, size: int, kept: StoredBytes | OSError) -> None:
        super().__init__(file=None, name=name, size=size)
        self.kept = kept

    @property
    def received(self) -> StoredBytes:
        """Raises the OSError of a disk that failed or is full: only who asks for the file needs to know, the form is whole."""
        if isinstance(self.kept, OSError):
            raise self.kept
        return self.kept


class LeavingOut(FileUploadHandler):
    """For every form that takes no files: what comes with it all the same is read past."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing comes here."""

    def file_complete(self, file_size: int) -> None:
        """Nor here."""


class SmallHandler(FileUploadHandler):
    """Holds the first file of a form in memory, and no more of it than SMALL_MAX: enough to say that it is too large."""

    content: bytes | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.content is not None:
            raise SkipFile
        self.content = b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.content is not None
        self.content += raw_data[: SMALL_MAX - len(self.content)]

    def file_complete(self, file_size: int) -> UploadedFile:
        return SimpleUploadedFile(self.file_name, self.content)


class SealingHandler(FileUploadHandler):
    """Seals the first files of a form. What comes after FORM_FILES_MAX is read past and counted, so that whoever chose too many
    is told so and loses nothing of the form; Django would refuse the whole of it."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken = self.left_out = 0
        self.incoming: IncomingFile | None = None  # of the file that is coming in
        self.fault: OSError | None = None  # why it cannot be kept

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.taken == FORM_FILES_MAX:
            self.left_out += 1
            raise SkipFile
        self.taken += 1
        self.fault = None
        with self._noting():
            self.incoming = IncomingFile(self.file_name, settings.FILE_MAX_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.incoming:
            with self._noting():
                self.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        received = None
        if self.incoming:
            with self._noting():
                received = self.incoming.finish()
        self.incoming = None
        kept = received or self.fault
        assert kept
        return SealedUpload(received.name if received else self.file_name, file_size, kept)

    def upload_interrupted(self) -> None:
        """Also after a file that was left out, when none is coming in."""
        if self.incoming:
            self.incoming.abort()

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """A disk that fails costs this file, and not the rest of the form."""
        try:
            yield
        except OSError as fault:
            log.error("a file of a form could not be kept: %s", type(fault).__name__)
            self.fault = fault
            if self.incoming:
                self.incoming.abort()
            self.incoming = None


def takes_files(view: View) -> View:
    """For a view whose form has files for a dossier: they are sealed while they arrive."""
    return _taking(SealingHandler, view)


def takes_a_picture(view: View) -> View:
    """For a view whose form has one small file that everybody may see."""
    return _taking(SmallHandler, view)


def _taking(handler: type[FileUploadHandler], view: View) -> View:
    """The handler must be there before anything reads the form, the check of its token too."""
    inner = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [handler(request)]
        return inner(request, *args, **kwargs)

    return respond


def left_out(request: HttpRequest) -> int:
    """How many files of this form were not taken, as there were too many; for a view that takes files, once its form was read."""
    return sum(handler.left_out for handler in request.upload_handlers)


def drop(uploads: list[SealedUpload]) -> list[SealedUpload]:
    """Takes what came with a form out of the store again; none are left."""
    for upload in uploads:
        if isinstance(upload.kept, StoredBytes):
            upload.kept.delete()
    return []
