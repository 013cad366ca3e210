"""The form of a message with its draft and attachments, shared by clients and the office."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypedDict
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.drafts import store
from portaal.domain.drafts.models import Draft
from portaal.domain.files.kinds import ACCEPT, ALL, extensions
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.files.validators import rejection_reason
from portaal.domain.files.verbs import store_file
from portaal.domain.identity.models import User
from portaal.domain.journal.recording import DuplicateSubmission
from portaal.domain.messaging import drafts, verbs
from portaal.domain.messaging.drafts import DraftContent
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.validators import BODY_MAX, FILES_MAX, SUBJECT_MAX
from portaal.domain.texts import normalize
from portaal.domain.visible import Visible
from portaal.ui.filters import hour
from portaal.web.checks import no_room
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404
from portaal.web.tus_errors import sentence_for, sentence_for_disk

from .kept_forms import typed, values
from .sessions import UserRequest
from .submissions import submission_of
from .uploads.handlers import drop, left_out, uploads_of

CLOSED = gettext_noop(
    "Your message was not sent: you cannot write in this dossier any more. Call us."
)
GONE = gettext_noop(
    "An attachment is no longer there. Add it again, or send your message without it."
)
SENT_BEFORE = gettext_noop(
    "This message was sent already from another window."
    " What you changed here was not sent; you can send it as another message."
)


class Sheet:
    """The form of a new message, or of a reply to `reply_to`.

    A GET fills it from the draft. After an invalid POST it holds the data, errors and files.
    """

    def __init__(
        self,
        request: UserRequest,
        form: type[forms.Form],
        dossier: Dossier,
        reply_to: Message | None = None,
        **options: Any,  # Any: further arguments of `form`
    ) -> None:
        self.request, self.dossier, self.reply_to = request, dossier, reply_to
        self.submission_id: UUID | None = None
        self.files: list[StoredFile] = []
        self.fresh: list[StoredBytes] = []  # posted with this form; no rows yet
        if request.method == "POST":
            self.draft = None
            self.form = form(request.POST, **options)
            self.form.is_valid()
            if not self.is_judged:
                self.form.errors.clear()
            self.files = _attached(request, self.form, dossier)
            self.fresh = _fresh(request, self.form)
            if not self.is_judged:
                self._keep_fresh()
        else:
            self.draft = drafts.find(request.user, dossier, reply_to) if self.may_write else None
            self.form = form(
                initial=_initial(self.draft, reply_to) | typed(request, form), **options
            )
            if self.draft:
                self.submission_id = self.draft.pk
            if self.may_write:
                self.files = _initial_files(request, self.draft, dossier)

    @cached_property
    def may_write(self) -> bool:
        """Tell if the user may send messages in the dossier."""
        return may_write(self.request.user, self.dossier)

    @property
    def is_judged(self) -> bool:
        """Tell if the form is posted to be sent; the other buttons accept empty fields."""
        return self.request.method == "POST" and not self.request.POST.keys() & {
            "remove",
            "insert",
            "discard",
        }

    def discard(self) -> bool:
        """Delete the draft if the user asked for it; return whether so."""
        submission_id = submission_of(self.request)
        is_asked = self.request.method == "POST" and "discard" in self.request.POST
        if not is_asked or not submission_id:
            return False
        store.delete(self.request.user, submission_id)
        return True

    def insert(self, text: str) -> None:
        """Append `text` to the body and focus it, as the page opens above the conversation."""
        body = normalize(self.form.data.get("body", "")).rstrip()
        data = QueryDict(mutable=True)
        data.update(self.request.POST)
        data["body"] = "\n\n".join(filter(None, [body, text]))
        self.form.data = data
        self.form.fields["body"].widget.attrs["autofocus"] = bool(text)

    def send(self) -> Message | None:
        """Send if valid. On failure the form has the errors, and uploaded files stay attached."""
        if not self.is_judged:
            return None
        sent = self._try()
        if sent is None:
            self._keep_fresh()
        return sent

    def _try(self) -> Message | None:
        if self.form.errors:
            if not self.may_write:
                self.form.add_error(None, _(CLOSED))
            return None
        try:
            return self._send()
        except ValidationError as error:
            add_errors(self.form, error)
        except PermissionDenied:
            self.form.add_error(None, _(CLOSED))
        except DuplicateSubmission:
            self.submission_id = uuid4()
            self.form.add_error(None, _(SENT_BEFORE))
        return None

    def _keep_fresh(self) -> None:
        """Keep the posted files attached, by storing their rows; delete them if not allowed."""
        for received in self.fresh:
            if self.may_write:
                kept = store_file(
                    received,
                    by=self.request.user,
                    vault=self.dossier.vault,
                    dossier=self.dossier.pk,
                    kinds=ALL,
                )
                self.files.append(kept)
            else:
                received.delete()
        self.fresh = []

    def context(self) -> dict[str, object]:
        """Return the context of the form's template."""
        return {
            "form": self.form,
            "dossier": self.dossier,
            "reply_to": self.reply_to,
            "draft": self.draft,
            "submission_id": self.submission_id,
            "files": [_row(self.request, file) for file in self.files],
            "has_gps": any(file.has_gps for file in self.files),
            "upload_url": reverse(
                f"{self.request.session.face}:upload_new", args=[self.dossier.pk]
            ),
            "attachment_rules": {
                "accept": ACCEPT,
                "kinds": extensions(ALL),
                "files_max": FILES_MAX,
                "file_max_bytes": settings.FILE_MAX_BYTES,
            },
            "body_max": BODY_MAX,
        }

    def _send(self) -> Message:
        data = self.form.cleaned_data
        content = Content(
            by=self.request.user,
            subject=data.get("subject", ""),
            body=data.get("body", ""),
            files=[*self.files, *self.fresh],
            submission=submission_of(self.request),
            as_office=data.get("as_office", False),
        )
        if self.reply_to:
            return verbs.reply(self.reply_to, **content)
        return verbs.send(self.dossier, parties=data.get("parties", ()), **content)


class Content(TypedDict):
    """The arguments that `verbs.send` and `verbs.reply` share."""

    by: User
    subject: str
    body: str
    files: list[StoredFile | StoredBytes]
    submission: UUID | None
    as_office: bool


def keep(
    request: UserRequest, dossier: Dossier, seen: Visible[Message], url: Callable[[], str]
) -> JsonResponse:
    """Save the posted form as a draft and answer {kept, submission}.

    Answers 409 and {sent} if the message was sent from another window. `seen` are the messages that
    it may reply to; `url` returns the page of sent messages.
    """
    data = request.POST
    reply_to = get_or_404(seen, pk=_uuid(data["reply_to"])) if data.get("reply_to") else None
    content = DraftContent(
        data.get("subject", ""),
        data.get("body", ""),
        data.getlist("files")[:FILES_MAX],
        data.getlist("parties"),
        bool(data.get("as_office")),
    )
    try:
        draft = drafts.save(
            request.user, dossier, submission_of(request) or uuid4(), content, reply_to=reply_to
        )
    except store.AlreadySent:
        return JsonResponse({"sent": url()}, status=409)
    return JsonResponse({"kept": hour(draft.saved_at), "submission": str(draft.pk)})


def _initial(draft: Draft | None, reply_to: Message | None) -> dict[str, object]:
    """Return the initial data: the draft's, or the subject of a reply."""
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


def _initial_files(request: UserRequest, draft: Draft | None, dossier: Dossier) -> list[StoredFile]:
    """Return the files of the form that was cut off by the session's end, else of the draft."""
    file_ids = values(request, "files")
    files = _files(request, dossier, file_ids)
    if draft and not files:
        file_ids = drafts.content_of(draft).files
        files = list(drafts.files_of(draft))
    if _lacks(files, file_ids):
        messages.info(request, _(GONE))
    return files


def _attached(request: UserRequest, form: forms.Form, dossier: Dossier) -> list[StoredFile]:
    """Return the files uploaded before, in the form's order, without the removed one.

    The removed file stays unclaimed and is deleted by housekeeping.
    """
    removed = _uuid(request.POST.get("remove", ""))
    file_ids = [text for text in request.POST.getlist("files") if _uuid(text) != removed]
    files = _files(request, dossier, file_ids)
    if _lacks(files, file_ids):
        form.add_error("upload", _(GONE))
    return files


def _fresh(request: HttpRequest, form: forms.Form) -> list[StoredBytes]:
    """Return the files posted with this form (browsers without scripts) and add errors."""
    fresh: list[StoredBytes] = []
    uploads = uploads_of(request, "upload")
    if uploads and no_room():
        form.add_error("upload", sentence_for(507))
        drop(uploads)
        uploads = []
    for upload in uploads:
        try:
            received = upload.received
        except OSError as error:
            form.add_error("upload", sentence_for_disk(error))
            continue
        if problem := rejection_reason(received, limit=settings.FILE_MAX_BYTES, kinds=ALL):
            received.delete()
            form.add_error("upload", problem)
        else:
            fresh.append(received)
    if number := left_out(request):
        text = ngettext(
            "A message has at most %(most)s attachments: %(number)s file was not added.",
            "A message has at most %(most)s attachments: %(number)s files were not added.",
            number,
        )
        form.add_error("upload", text % {"most": FILES_MAX, "number": number})
    return fresh


def _files(request: UserRequest, dossier: Dossier, file_ids: list[str]) -> list[StoredFile]:
    """Return the user's files in this dossier with these ids, each once, in this order."""
    ids = list(dict.fromkeys(filter(None, map(_uuid, file_ids))))
    if not ids:
        return []
    known = StoredFile.objects.uploaded_by(request.user, dossier.vault_id).in_bulk(ids)
    return [known[pk] for pk in ids if pk in known]


def _lacks(files: list[StoredFile], file_ids: list[str]) -> bool:
    """Tell if an id has no file: it was deleted by housekeeping, or belongs to another user."""
    return len(files) < len(set(filter(None, map(_uuid, file_ids))))


def _row(request: UserRequest, file: StoredFile) -> dict[str, object]:
    """Return a row of the list of attachments, with the URL that deletes the file."""
    url = reverse(f"{request.session.face}:upload", args=[file.pk])
    kind = {"kind_label": file.kind.label, "is_photo": file.is_photo, "has_gps": file.has_gps}
    return {"pk": file.pk, "name": file.name, "size": file.size, "url": url, **kind}


def _uuid(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None
