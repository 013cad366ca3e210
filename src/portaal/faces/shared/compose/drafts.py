"""The draft of a message: it fills the form, and a script saves it while somebody types."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.contrib import messages
from django.http import JsonResponse
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier
from portaal.domain.drafts.models import Draft
from portaal.domain.drafts.store import AlreadySent
from portaal.domain.files.models import StoredFile
from portaal.domain.messaging import drafts
from portaal.domain.messaging.drafts import DraftContent
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.validators import FILES_MAX, SUBJECT_MAX
from portaal.domain.visible import Visible
from portaal.ui.filters import hour
from portaal.web.lookups import get_or_404

from ..kept_forms import values
from ..sessions import UserRequest
from .intake import GONE, files_of, uuid_of, uuids_of


def initial(draft: Draft | None, reply_to: Message | None) -> dict[str, object]:
    """Return the initial data of a form: the draft's, or the subject of a reply."""
    if draft:
        content = drafts.content_of(draft)
        return {
            "subject": content.subject,
            "body": content.body,
            "parties": content.parties,
            "as_office": content.as_office,
        }
    if reply_to is None:
        return {}
    subject = reply_to.content.subject
    is_reply = subject.upper().startswith("RE:")
    return {"subject": subject if is_reply else f"RE: {subject}"[:SUBJECT_MAX]}


def initial_files(request: UserRequest, draft: Draft | None, dossier: Dossier) -> list[StoredFile]:
    """Return the files of the form that was cut off by the session's end, else of the draft."""
    ids = uuids_of(values(request, "files"))
    files = files_of(request, dossier, ids)
    if draft and not files:
        ids, files = uuids_of(drafts.content_of(draft).files), list(drafts.files_of(draft))
    if len(files) < len(ids):
        messages.info(request, _(GONE))
    return files


def save_draft(
    request: UserRequest, dossier: Dossier, seen: Visible[Message], url: Callable[[], str]
) -> JsonResponse:
    """Save the posted form as a draft and answer {kept, submission}.

    Answers 409 and {sent} if the message was sent from another window. `seen` are the messages that
    it may reply to; `url` returns the page of sent messages.
    """
    data = request.POST
    reply_to = get_or_404(seen, pk=uuid_of(data["reply_to"])) if data.get("reply_to") else None
    content = DraftContent(
        data.get("subject", ""),
        data.get("body", ""),
        data.getlist("files")[:FILES_MAX],
        data.getlist("parties"),
        bool(data.get("as_office")),
    )
    submission = uuid_of(data.get("submission", "")) or uuid4()
    try:
        draft = drafts.save(request.user, dossier, submission, content, reply_to=reply_to)
    except AlreadySent:
        return JsonResponse({"sent": url()}, status=409)
    return JsonResponse({"kept": hour(draft.saved_at), "submission": str(draft.pk)})
