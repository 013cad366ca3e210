"""Writing a message: the form with its draft and its attachments, the same for who writes at home and at the office."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from portaal.domain.dossiers.models import Dossier
from portaal.domain.files.intake import StoredBytes
from portaal.domain.files.kinds import ACCEPT, ALL, extensions
from portaal.domain.files.models import StoredFile
from portaal.domain.files.validators import rejection_reason
from portaal.domain.files.verbs import store_file
from portaal.domain.journal.recording import DuplicateSubmission
from portaal.domain.messaging import drafts, permissions, verbs
from portaal.domain.messaging.models import Draft, DraftContent, Message
from portaal.domain.messaging.validators import BODY_MAX, FILES_MAX, SUBJECT_MAX, normalize
from portaal.ui.templatetags.ui import hour

from .checks import no_room
from .faults import add_faults
from .plain import sentence_of, sentence_of_disk
from .submissions import submission_of
from .unsent import typed, values
from .uploads import drop, left_out

CLOSED = gettext_noop(
    "Your message was not sent: you cannot write in this dossier any more. Call us."
)
GONE = gettext_noop(
    "An attachment is no longer there. Add it again, or send your message without it."
)
SENT_BEFORE = gettext_noop(
    "This message was sent already from another window. What you changed here was not sent; you can send it as another message."
)


class Sheet:
    """The form in which a message is written: anew, or as an answer to `reply_to`.

    It begins with what was kept of it; it comes back with what was typed and attached when something is not right.
    """

    def __init__(
        self,
        request: HttpRequest,
        form: type[forms.Form],
        dossier: Dossier,
        reply_to: Message | None = None,
        **more: Any,
    ) -> None:
        self.request, self.dossier, self.reply_to = request, dossier, reply_to
        self.number: UUID | None = None
        self.files: list[StoredFile] = []
        self.fresh: list[StoredBytes] = []  # came in with this form, and are not written down yet
        if request.method == "POST":
            self.draft = None
            self.form = form(request.POST, **more)
            self.form.is_valid()
            if not self.is_judged:
                self.form.errors.clear()
            self.files = _attached(request, self.form, dossier)
            self.fresh = _fresh(request, self.form)
            if not self.is_judged:
                self._keep_fresh()
        else:
            self.draft = drafts.find(request.user, dossier, reply_to) if self.may_write else None
            self.form = form(initial=_begin(self.draft, reply_to) | typed(request, form), **more)
            if self.draft:
                self.number = self.draft.pk
            if self.may_write:
                self.files = _files_begun(request, self.draft, dossier)

    @cached_property
    def may_write(self) -> bool:
        return permissions.may_send(self.request.user, self.dossier)

    @property
    def is_judged(self) -> bool:
        """Whether it was handed in to be sent: a bin, or a text to be inserted, says nothing of what is still empty."""
        return self.request.method == "POST" and not self.request.POST.keys() & {
            "remove",
            "insert",
            "discard",
        }

    def discard(self) -> bool:
        """Throws the draft away when that was asked for; whether it was."""
        number = submission_of(self.request)
        if self.request.method != "POST" or "discard" not in self.request.POST or not number:
            return False
        drafts.delete(self.request.user, number)
        return True

    def insert(self, text: str) -> None:
        """Puts a text after what was typed, and brings there who writes: a conversation stands above it. Nothing is sent."""
        self.form.data = self.form.data.copy()
        typed = normalize(self.form.data.get("body", "")).rstrip()
        self.form.data["body"] = "\n\n".join(filter(None, [typed, text]))
        self.form.fields["body"].widget.attrs["autofocus"] = bool(text)

    def send(self) -> Message | None:
        """Sends it when that was asked for and nothing is wrong; what is wrong stands in the form after it, and what came with it
        among its attachments."""
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
        except ValidationError as fault:
            add_faults(self.form, fault)
        except PermissionDenied:
            self.form.add_error(None, _(CLOSED))
        except DuplicateSubmission:
            self.number = uuid4()
            self.form.add_error(None, _(SENT_BEFORE))
        return None

    def _keep_fresh(self) -> None:
        """They wait as those that were sent before do, where this login may write; else they go."""
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

    def context(self) -> dict[str, Any]:
        """What the template of the form needs."""
        return {
            "form": self.form,
            "dossier": self.dossier,
            "reply_to": self.reply_to,
            "draft": self.draft,
            "submission_id": self.number,
            "files": [_line(self.request, file) for file in self.files],
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
            "accept": ACCEPT,
            "kinds": extensions(ALL),
            "body_max": BODY_MAX,
            "files_max": FILES_MAX,
            "file_max_bytes": settings.FILE_MAX_BYTES,
        }

    def _send(self) -> Message:
        said = self.form.cleaned_data
        facts: dict[str, Any] = {
            "by": self.request.user,
            "subject": said.get("subject", ""),
            "body": said.get("body", ""),
            "files": [*self.files, *self.fresh],
            "submission": submission_of(self.request),
        }
        if "as_office" in said:
            facts["as_office"] = said["as_office"]
        if self.reply_to:
            return verbs.reply(self.reply_to, **facts)
        if "parties" in said:
            facts["parties"] = list(said["parties"])
        return verbs.send(self.dossier, **facts)


def keep(
    request: HttpRequest, dossier: Dossier, seen: QuerySet[Message], address: Callable[[], str]
) -> JsonResponse:
    """Keeps the form of this request as a draft: {kept, submission}, or 409 and {sent} when it was sent from another window.

    `seen` are the messages that it may be an answer to; `address` is where those that were sent stand.
    """
    said = request.POST
    reply_to = get_object_or_404(seen, pk=_uuid(said["reply_to"])) if said.get("reply_to") else None
    kept = DraftContent(
        said.get("subject", ""),
        said.get("body", ""),
        said.getlist("files")[:FILES_MAX],
        said.getlist("parties"),
        bool(said.get("as_office")),
    )
    try:
        draft = drafts.save(
            request.user, dossier, submission_of(request) or uuid4(), kept, reply_to=reply_to
        )
    except drafts.AlreadySent:
        return JsonResponse({"sent": address()}, status=409)
    return JsonResponse({"kept": hour(draft.saved_at), "submission": str(draft.pk)})


def _begin(draft: Draft | None, reply_to: Message | None) -> dict[str, Any]:
    if draft:
        kept = draft.content
        return {
            "subject": kept.subject,
            "body": kept.body,
            "parties": kept.parties,
            "as_office": kept.as_office,
        }
    if reply_to is None:
        return {}
    subject = reply_to.content.subject
    return {
        "subject": subject if subject.upper().startswith("RE:") else f"RE: {subject}"[:SUBJECT_MAX]
    }


def _files_begun(request: HttpRequest, draft: Draft | None, dossier: Dossier) -> list[StoredFile]:
    """The files of what was begun: those of the form that the session's end cut off, else of the draft."""
    numbers = values(request, "files")
    files = _named(request, dossier, numbers)
    if draft and not files:
        numbers, files = draft.content.files, list(drafts.files_of(draft))
    if _lacks(files, numbers):
        messages.info(request, _(GONE))
    return files


def _attached(request: HttpRequest, form: forms.Form, dossier: Dossier) -> list[StoredFile]:
    """The files of this form that were sent before, in the order in which it names them. One whose bin was pressed is left out,
    and goes with what nobody claims."""
    bin = _uuid(request.POST.get("remove", ""))
    numbers = [text for text in request.POST.getlist("files") if _uuid(text) != bin]
    files = _named(request, dossier, numbers)
    if _lacks(files, numbers):
        form.add_error("upload", _(GONE))
    return files


def _fresh(request: HttpRequest, form: forms.Form) -> list[StoredBytes]:
    """The files that come with this form, where there are no scripts; why one cannot be taken stands in the form."""
    fresh: list[StoredBytes] = []
    uploads = request.FILES.getlist("upload")
    if uploads and no_room():
        form.add_error("upload", sentence_of(507))
        uploads = drop(uploads)
    for upload in uploads:
        try:
            received = upload.received
        except OSError as fault:
            form.add_error("upload", sentence_of_disk(fault))
            continue
        if fault := rejection_reason(received, limit=settings.FILE_MAX_BYTES, kinds=ALL):
            received.delete()
            form.add_error("upload", fault)
        else:
            fresh.append(received)
    if number := left_out(request):
        said = ngettext(
            "A message has at most %(most)s attachments: %(number)s file was not added.",
            "A message has at most %(most)s attachments: %(number)s files were not added.",
            number,
        )
        form.add_error("upload", said % {"most": FILES_MAX, "number": number})
    return fresh


def _named(request: HttpRequest, dossier: Dossier, numbers: list[str]) -> list[StoredFile]:
    """The files with these numbers that this login sent in this dossier, each once and in this order."""
    named = {pk: None for text in numbers if (pk := _uuid(text))}
    known = (
        StoredFile.objects.uploaded_by(request.user, dossier.vault_id).in_bulk(list(named))
        if named
        else {}
    )
    return [known[pk] for pk in named if pk in known]


def _lacks(files: list[StoredFile], numbers: list[str]) -> bool:
    """Whether one of these numbers is a file's that is not there: it was swept, or it was never this login's."""
    return len(files) < len(set(filter(None, map(_uuid, numbers))))


def _line(request: HttpRequest, file: StoredFile) -> dict[str, Any]:
    """A file in the list of attachments, with the address at which its bin takes it away."""
    address = reverse(f"{request.session.face}:upload", args=[file.pk])
    kind = {"kind_label": file.kind.label, "is_photo": file.is_photo, "has_gps": file.has_gps}
    return {"pk": file.pk, "name": file.name, "size": file.size, "url": address, **kind}


def _uuid(text: str) -> UUID | None:
    with suppress(ValueError):
        return UUID(text)
    return None
