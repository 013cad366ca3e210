"""Taking a file in: a handler that seals what arrives while it arrives, so that no clear byte is spooled to disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portaal.domain.files.receipt import Receipt, Received

View = Callable[..., HttpResponse]

FORM_FILES_MAX = 20  # security.md B5 53
SMALL_MAX = 1_000_000  # bytes; larger than anything that such a form takes


class SealedUpload(UploadedFile):
    """What a form sees of a file that lies sealed in the store."""

    def __init__(self, received: Received, content_type: str) -> None:
        super().__init__(file=None, name=received.name, content_type=content_type, size=received.size)
        self.received = received


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
        self.receipt: Receipt | None = None  # of the file that is coming in

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.taken == FORM_FILES_MAX:
            self.left_out += 1
            raise SkipFile
        self.taken += 1
        self.receipt = Receipt(self.file_name, settings.FILE_MAX_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self.receipt
        self.receipt.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        assert self.receipt
        received, self.receipt = self.receipt.finish(), None
        return SealedUpload(received, self.content_type or "")

    def upload_interrupted(self) -> None:
        """Also after a file that was left out, when none is coming in."""
        if self.receipt:
            self.receipt.abandon()


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
