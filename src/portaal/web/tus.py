"""Sending a file by pieces, so that it goes on where a connection broke: tus 1.0 (tus.io), with creation and termination.

Each answer that is not what was hoped for is one sentence of plain text, in the reader's language. Faces fetch the dossier or the
upload with access; here it is asked again, at each piece, whether its login may still write there (security.md T4).
"""

from __future__ import annotations

import base64
import binascii
import logging
import re
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _

from portaal.domain.accounts.limits import hit
from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.files import uploads
from portaal.domain.files.models import Upload
from portaal.domain.journal.recording import record_security_event

from .access import network
from .checks import no_room
from .plain import TUS, TUS_VERSION, is_full, plain, sentence_of

log = logging.getLogger("portaal.web")

CONTENT_TYPE = "application/offset+octet-stream"
PIECE = 64 * 1024  # bytes read at once; a segment of the seal
METADATA_MAX = 4_000
HAS_PLACE = "Has-Place"  # a header of ours, with a photo that says where it was taken
ROOM_AGAIN = "300"  # seconds until it makes sense to try a full disk again
BUSY = "30"


class Refused(Exception):
    """What cannot be done, as a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def _spoken(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says what tus can do here, wants its version, and turns what goes wrong into an answer."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            return _empty(
                Tus_Version=TUS_VERSION,
                Tus_Extension="creation,termination",
                Tus_Max_Size=settings.FILE_MAX_BYTES,
            )
        if request.headers.get(TUS) != TUS_VERSION:
            return plain(412, sentence_of(412), Tus_Version=TUS_VERSION)
        try:
            return view(request, *args, **kwargs)
        except Refused as fault:
            return plain(fault.status, fault.sentence)
        except uploads.WrongOffset:
            return plain(409, _("The file goes on at another place. Try again."))
        except uploads.UploadGone:
            return plain(410, sentence_of(404))
        except uploads.QuotaExceeded as fault:
            return plain(429, fault.sentence, Retry_After=str(fault.seconds))
        except ValidationError as fault:
            return plain(422, fault.messages[0])
        except OSError as fault:
            return _store_failed(fault)

    return respond


@_spoken
def begin(request: HttpRequest, dossier: Dossier, at: str) -> HttpResponse:
    """Creation: makes room for a file in this dossier; the route `at` is where it is sent to."""
    _only_writer(request, dossier)
    length, name = _number(request, "Upload-Length"), _name(request)
    hit("upload", key=str(request.user.pk))
    try:
        upload = uploads.create(
            by=request.user, vault=dossier.vault, dossier=dossier.pk, name=name, length=length
        )
    except ValidationError as fault:
        raise Refused(413 if length > settings.FILE_MAX_BYTES else 422, fault.messages[0])
    return _empty(201, Location=reverse(at, args=[upload.pk]))


@_spoken
def go_on(
    request: HttpRequest,
    upload: Upload,
    *,
    then: uploads.FileCallback | None = None,
    first: uploads.FileCallback | None = None,
) -> HttpResponse:
    """HEAD says how far it is, PATCH brings more, DELETE gives it up. A finish that was cut off is done by the next question.

    When all has come `then` gets the file, in the transaction that receives it; `first` lets go of it when it is given up later.
    """
    if request.method == "DELETE":
        uploads.abandon(upload, by=request.user, before_delete=first)
        return _empty()
    _only_writer(
        request, Dossier.objects.visible_to(request.user).filter(pk=upload.dossier).first()
    )
    if request.method == "PATCH":
        upload = _append(request, upload)
    said: dict[str, Any] = {"Upload_Offset": upload.offset}
    if upload.is_complete:
        file = uploads.finish(upload, by=request.user, on_stored=then)
        said |= {HAS_PLACE: "1"} if file.has_gps else {}
    elif upload.closed_at:
        raise uploads.UploadGone
    if request.method == "PATCH":
        return _empty(**said)
    name = base64.b64encode(upload.name.encode()).decode()
    return _empty(200, **said, Upload_Length=upload.length, Upload_Metadata=f"filename {name}")


def _only_writer(request: HttpRequest, dossier: Dossier | None) -> None:
    """Raises Refused when the dossier was closed or its login may not write there (any more), and notes it."""
    if dossier and may_write(request.user, dossier):
        if no_room():
            raise Refused(507, sentence_of(507))
        return
    record_security_event(
        "web.forbidden",
        by=request.user,
        network=network(request),
        path=request.resolver_match.view_name,
    )
    if dossier and dossier.closed_at:
        raise Refused(403, _("This dossier has been closed: no files can be added to it any more."))
    raise Refused(
        403, _("You cannot add files to this dossier any more. Call us if that is not right.")
    )


def _append(request: HttpRequest, upload: Upload) -> Upload:
    if request.content_type != CONTENT_TYPE:
        raise Refused(415, sentence_of(415))
    if not request.META.get("CONTENT_LENGTH"):
        raise Refused(411, sentence_of(411))
    offset, size = _number(request, "Upload-Offset"), _number(request, "Content-Length")
    if size > upload.length - offset:  # before it is read
        raise Refused(400, _("More is sent of this file than was announced. Choose it again."))
    return uploads.append(upload, by=request.user, offset=offset, chunks=_pieces(request))


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; where a connection breaks off it ends, and what came is kept."""
    while True:
        try:
            piece = request.read(PIECE)
        except UnreadablePostError:
            return
        if not piece:
            return
        yield piece


def _number(request: HttpRequest, header: str) -> int:
    said = request.headers.get(header, "")
    if not re.fullmatch(
        "[0-9]{1,15}", said
    ):  # not isdigit(): that takes other scripts' digits, and ²
        raise Refused(400, sentence_of(400))
    return int(said)


def _name(request: HttpRequest) -> str:
    """The file's name, from `filename <base64>` in Upload-Metadata; it is cleaned where it is kept."""
    said = request.headers.get("Upload-Metadata", "")
    pairs = [pair.strip().split(" ") for pair in said.split(",")]
    names = [pair[1] for pair in pairs if pair[0] == "filename" and len(pair) == 2]
    try:
        if len(said) > METADATA_MAX or len(names) != 1:
            raise ValueError
        return base64.b64decode(names[0], validate=True).decode()
    except (ValueError, binascii.Error):
        raise Refused(
            400,
            _("The name of this file cannot be read. Give it another name and choose it again."),
        )


def _store_failed(fault: OSError) -> HttpResponse:
    log.error("a piece of a file could not be kept: %s", type(fault).__name__)
    if is_full(fault):
        return plain(507, sentence_of(507), Retry_After=ROOM_AGAIN)
    return plain(503, sentence_of(503), Retry_After=BUSY)


def _empty(status: int = 204, **headers: Any) -> HttpResponse:
    return plain(status, "", **{name: str(value) for name, value in headers.items()})
