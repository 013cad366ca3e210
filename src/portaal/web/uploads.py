"""Taking a file in: a handler that seals what arrives while it arrives, so that no clear byte is spooled to disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from portaal.domain.files.receipt import Receipt, Received

View = Callable[..., HttpResponse]


class SealedUpload(UploadedFile):
    """What a form sees of a file that lies sealed in the store."""

    def __init__(self, received: Received, content_type: str) -> None:
        super().__init__(file=None, name=received.name, content_type=content_type, size=received.size)
        self.received = received


class SealingHandler(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.receipt = Receipt(self.file_name, settings.FILE_MAX_BYTES)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.receipt.write(raw_data)

    def file_complete(self, file_size: int) -> SealedUpload:
        return SealedUpload(self.receipt.finish(), self.content_type or "")

    def upload_interrupted(self) -> None:
        self.receipt.abandon()


def takes_files(view: View) -> View:
    """For a view whose form has a file: the handler must be there before anything reads the form, the check of its token too."""
    inner = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.upload_handlers = [SealingHandler(request)]
        return inner(request, *args, **kwargs)

    return respond
