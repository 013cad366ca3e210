"""The files of a posted form: those uploaded before by script, and those posted with it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portaal.domain.dossiers.models import Dossier
from portaal.domain.files.kinds import ALL
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.files.validators import rejection_reason
from portaal.domain.messaging.validators import FILES_MAX
from portaal.web.checks import no_room
from portaal.web.tus_errors import sentence_for, sentence_for_disk

from ..sessions import UserRequest
from ..uploads.handlers import drop, left_out, uploads_of

GONE = gettext_noop(
    "An attachment is no longer there. Add it again, or send your message without it."
)


class Attached(NamedTuple):
    """The files of a form, and the errors of those that could not be attached."""

    uploaded: list[StoredFile]
    posted: list[StoredBytes]  # no rows yet
    errors: list[str]


def intake(request: UserRequest, dossier: Dossier) -> Attached:
    """Return the files of a posted form, in its order, without the removed one.

    The removed file stays unclaimed and is deleted by housekeeping.
    """
    posted, errors = _received(request) if request.FILES else ([], [])
    removed = uuid_of(request.POST.get("remove", ""))
    ids = [pk for pk in uuids_of(request.POST.getlist("files")) if pk != removed]
    uploaded = files_of(request, dossier, ids)
    if len(uploaded) < len(ids):
        errors = [_(GONE), *errors]
    return Attached(uploaded, posted, errors)


def files_of(request: UserRequest, dossier: Dossier, ids: list[UUID]) -> list[StoredFile]:
    """Return the user's files in this dossier with these ids, in this order.

    The others were deleted by housekeeping, or belong to another user.
    """
    if not ids:
        return []
    known = StoredFile.objects.uploaded_by(request.user, dossier.vault_id).in_bulk(ids)
    return [known[pk] for pk in ids if pk in known]


def uuids_of(texts: Iterable[str]) -> list[UUID]:
    """Return the ids among these texts, each once."""
    return list(dict.fromkeys(filter(None, map(uuid_of, texts))))


def uuid_of(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None


def _received(request: UserRequest) -> tuple[list[StoredBytes], list[str]]:
    """Return the files posted with a form (by browsers without scripts), and their errors."""
    uploads = uploads_of(request, "upload")
    if uploads and no_room():
        drop(uploads)
        return [], [sentence_for(507), *_too_many(request)]
    posted: list[StoredBytes] = []
    errors: list[str] = []
    for upload in uploads:
        try:
            received = upload.received
        except OSError as error:
            errors.append(sentence_for_disk(error))
            continue
        if problem := rejection_reason(received, limit=settings.FILE_MAX_BYTES, kinds=ALL):
            received.delete()
            errors.append(problem)
        else:
            posted.append(received)
    return posted, errors + _too_many(request)


def _too_many(request: UserRequest) -> list[str]:
    number = left_out(request)
    if not number:
        return []
    text = ngettext(
        "A message has at most %(most)s attachments: %(number)s file was not added.",
        "A message has at most %(most)s attachments: %(number)s files were not added.",
        number,
    )
    return [text % {"most": FILES_MAX, "number": number}]
