"""Resumable uploads: the server side of tus 1.0 (tus.io), with creation and termination.

Every error is one sentence of plain text, in the user's language. Faces fetch the dossier or the
upload with access; each part is checked here again, as the user may have lost access meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.files import uploads
from portaal.domain.files.models import Upload
from portaal.domain.problems import Problem
from portaal.domain.throttle.limits import hit
from portaal.web.checks import no_room
from portaal.web.tus_errors import (
    TUS,
    TUS_VERSION,
    is_full,
    sentence_for,
    sentence_response,
    text_response,
)

from ..errors import record_forbidden
from ..sessions import UserRequest

log = logging.getLogger("portaal.web")

CONTENT_TYPE = "application/offset+octet-stream"
CHUNK = 64 * 1024  # bytes read at once: the size of a segment
METADATA_MAX = 4_000
HAS_GPS = "Has-Gps"  # header of ours: the photo holds the place where it was taken
# Seconds after which the uploader tries again
RETRY_FULL_DISK = "300"
RETRY_BUSY = "30"

Arguments = ParamSpec("Arguments")
View = Callable[Concatenate[UserRequest, Arguments], HttpResponse]


class Refused(Problem):
    """A request that cannot be answered, with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence, status=status)


def _tus(view: View[Arguments]) -> View[Arguments]:
    """Answer OPTIONS, require the protocol's version, and turn errors into responses."""

    @wraps(view)
    def respond(
        request: UserRequest, *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> HttpResponse:
        if request.method == "OPTIONS":
            return text_response(
                204,
                "",
                Tus_Version=TUS_VERSION,
                Tus_Extension="creation,termination",
                Tus_Max_Size=str(settings.FILE_MAX_BYTES),
            )
        if request.headers.get(TUS) != TUS_VERSION:
            return text_response(412, sentence_for(412), Tus_Version=TUS_VERSION)
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            return sentence_response(problem)
        except ValidationError as error:
            return text_response(422, error.messages[0])
        except OSError as error:
            return _store_failed(error)

    return respond  # type: ignore[return-value]  # mypy takes `request` for a keyword too


@_tus
def begin(request: UserRequest, dossier: Dossier, route: str) -> HttpResponse:
    """Create an upload in this dossier; its parts are sent to the named `route`."""
    if not may_write(request.user, dossier):
        raise _refusal(request, dossier)
    if no_room():
        raise Refused(507, sentence_for(507))
    length, name = _number(request, "Upload-Length"), _name(request)
    hit("upload", key=str(request.user.pk))
    try:
        upload = uploads.create(
            by=request.user, vault=dossier.vault, dossier=dossier.pk, name=name, length=length
        )
    except ValidationError as error:
        raise Refused(413 if length > settings.FILE_MAX_BYTES else 422, error.messages[0])
    return text_response(201, "", Location=reverse(route, args=[upload.pk]))


@_tus
def go_on(
    request: UserRequest,
    upload: Upload,
    dossier: Dossier | None,
    *,
    on_stored: uploads.FileCallback | None = None,
    before_delete: uploads.FileCallback | None = None,
) -> HttpResponse:
    """Answer HEAD with the offset, append a part on PATCH, abandon the upload on DELETE.

    Any request for a complete upload finishes it, if an earlier one was cut off. `dossier` is None
    if the user does not see it any more. `on_stored` gets the file in the transaction that stores
    it, `before_delete` in the one that deletes it.
    """
    if request.method == "DELETE":
        uploads.abandon(upload, by=request.user, before_delete=before_delete)
        return text_response(204, "")
    offset = _offset_of_part(request, upload) if request.method == "PATCH" else None
    if not dossier or not may_write(request.user, dossier):
        raise _refusal(request, dossier)
    if no_room():
        raise Refused(507, sentence_for(507))
    if offset is not None:
        uploads.append(upload, by=request.user, offset=offset, chunks=_chunks(request))
    file = uploads.finish(upload, by=request.user, on_stored=on_stored)
    headers = {"Upload_Offset": str(upload.offset)}
    if file and file.has_gps:
        headers[HAS_GPS] = "1"
    if request.method == "PATCH":
        return text_response(204, "", **headers)
    name = base64.b64encode(upload.name.encode()).decode()
    headers |= {"Upload_Length": str(upload.length), "Upload_Metadata": f"filename {name}"}
    return text_response(200, "", **headers)


def _refusal(request: UserRequest, dossier: Dossier | None) -> Refused:
    """Log that the user may not (or no longer) write in the dossier, and return the reason."""
    record_forbidden(request)
    if dossier and dossier.closed_at:
        return Refused(
            403, _("This dossier has been closed: no files can be added to it any more.")
        )
    return Refused(
        403, _("You cannot add files to this dossier any more. Call us if that is not right.")
    )


def _offset_of_part(request: UserRequest, upload: Upload) -> int:
    """Return where the part starts. Raises Refused for its headers, before the body is read."""
    if request.content_type != CONTENT_TYPE:
        raise Refused(415, sentence_for(415))
    if not request.META.get("CONTENT_LENGTH"):
        raise Refused(411, sentence_for(411))
    offset, size = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if size > upload.length - offset:
        raise Refused(400, _("More is sent of this file than was announced. Choose it again."))
    return offset


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    """Yield the body as it arrives; a broken connection ends it without an error."""
    while True:
        try:
            chunk = request.read(CHUNK)
        except UnreadablePostError:
            return
        if not chunk:
            return
        yield chunk


def _number(request: HttpRequest, header: str) -> int:
    value = request.headers.get(header, "")
    # Not isdigit(): that accepts digits of other scripts, and ².
    if not re.fullmatch("[0-9]{1,15}", value):
        raise Refused(400, sentence_for(400))
    return int(value)


def _name(request: HttpRequest) -> str:
    """Return the file name in Upload-Metadata (`filename <base64>`), not cleaned yet."""
    metadata = request.headers.get("Upload-Metadata", "")
    pairs = [pair.strip().split(" ") for pair in metadata.split(",")]
    names = [pair[1] for pair in pairs if pair[0] == "filename" and len(pair) == 2]
    try:
        if len(metadata) > METADATA_MAX or len(names) != 1:
            raise ValueError
        return base64.b64decode(names[0], validate=True).decode()
    except (ValueError, binascii.Error):
        raise Refused(
            400,
            _("The name of this file cannot be read. Give it another name and choose it again."),
        )


def _store_failed(error: OSError) -> HttpResponse:
    log.error("a part of a file could not be stored: %s", type(error).__name__)
    if is_full(error):
        return text_response(507, sentence_for(507), Retry_After=RETRY_FULL_DISK)
    return text_response(503, sentence_for(503), Retry_After=RETRY_BUSY)
