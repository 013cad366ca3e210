"""Upload handlers. Files are encrypted on arrival: no clear byte reaches the disk."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portaal.domain.files.sealing import IncomingFile, StoredBytes
from portaal.domain.messaging.validators import FILES_MAX

log = logging.getLogger("portaal.web")

if TYPE_CHECKING:
    BaseUpload = UploadedFile[bytes]
else:
    BaseUpload = UploadedFile

View = TypeVar("View", bound=Callable[..., HttpResponse])

SMALL_MAX = 1_000_000  # bytes: more than any form with a picture accepts


class SealedUpload(BaseUpload):
    """A file as its form sees it: encrypted in the store, or the error of a failed store."""

    def __init__(self, name: str, size: int, result: StoredBytes | OSError) -> None:
        super().__init__(file=None, name=name, size=size)
        self.result = result

    @property
    def received(self) -> StoredBytes:
        """Return the stored file. Raises the OSError of a store that failed or is full."""
        if isinstance(self.result, OSError):
            raise self.result
        return self.result


class DiscardingHandler(FileUploadHandler):
    """Default handler: discard files posted to a form without a file field."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called, as every file is skipped."""

    def file_complete(self, file_size: int) -> None:
        """Never called, as every file is skipped."""


class FirstFilesHandler(FileUploadHandler):
    """Base of the handlers that take the first files of a form and skip the rest."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # Any: passed on to Django
        super().new_file(*args, **kwargs)
        self.begin()

    def begin(self) -> None:
        """Begin a file. Raises SkipFile to discard it."""
        raise NotImplementedError


class SmallHandler(FirstFilesHandler):
    """Hold the first file of a form in memory, up to SMALL_MAX: enough to see it is too large."""

    content: bytes | None = None

    def begin(self) -> None:
        if self.content is not None:
            raise SkipFile
        self.content = b""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.content is not None
        self.content += raw_data[: SMALL_MAX - len(self.content)]

    def file_complete(self, file_size: int) -> SimpleUploadedFile:
        return SimpleUploadedFile(self.file_name or "", self.content)


class SealingHandler(FirstFilesHandler):
    """Encrypt and store the first FILES_MAX files of a form; discard and count the rest.

    Django's own limit would reject the whole form: the user would lose the text of a message.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken = self.left_out = 0
        self.incoming: IncomingFile | None = None  # of the file that is arriving
        self.error: OSError | None = None  # of the store, for this file

    def begin(self) -> None:
        if self.taken == FILES_MAX:
            self.left_out += 1
            raise SkipFile
        self.taken += 1
        self.error = None
        with self._catching():
            self.incoming = IncomingFile(self.file_name or "", settings.FILE_MAX_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.incoming:
            with self._catching():
                self.incoming.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        received = None
        if self.incoming:
            with self._catching():
                received = self.incoming.finish()
        self.incoming = None
        result = received or self.error
        assert result
        name = received.name if received else self.file_name or ""
        return SealedUpload(name, file_size, result)

    def upload_interrupted(self) -> None:
        """Abandon the file that is arriving. Django also calls this after a skipped file."""
        if self.incoming:
            self.incoming.abort()

    @contextmanager
    def _catching(self) -> Iterator[None]:
        """Catch an error of the store: it costs this file, not the rest of the form."""
        try:
            yield
        except OSError as error:
            log.error("a file of a form could not be stored: %s", type(error).__name__)
            self.error = error
            if self.incoming:
                self.incoming.abort()
            self.incoming = None


def takes_files(view: View) -> View:
    """Accept files for a dossier: they are encrypted while they arrive."""
    return _taking(SealingHandler, view)


def takes_a_picture(view: View) -> View:
    """Accept one small public file, such as a logo."""
    return _taking(SmallHandler, view)


def _taking(handler: type[FileUploadHandler], view: View) -> View:
    """Set the handler before anything reads the form, including the check of the CSRF token."""
    inner = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def respond(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.upload_handlers = [handler(request)]
        return inner(request, *args, **kwargs)

    return respond  # type: ignore[return-value]  # the arguments are those of the view


def left_out(request: HttpRequest) -> int:
    """Count the files discarded as too many, after the form of a `takes_files` view was read."""
    handlers = request.upload_handlers
    return sum(each.left_out for each in handlers if isinstance(each, SealingHandler))


def uploads_of(request: HttpRequest, field: str) -> list[SealedUpload]:
    """Return the files of a field, for a `takes_files` view."""
    files = request.FILES.getlist(field)
    return [upload for upload in files if isinstance(upload, SealedUpload)]


def drop(uploads: list[SealedUpload]) -> None:
    """Delete the files of a form from the store."""
    for upload in uploads:
        if isinstance(upload.result, StoredBytes):
            upload.result.delete()
