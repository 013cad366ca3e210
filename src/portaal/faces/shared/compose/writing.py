"""The page on which clients and the office write a message; views call `write`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypedDict
from uuid import UUID, uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_write
from portaal.domain.drafts import store
from portaal.domain.drafts.models import Draft
from portaal.domain.files.kinds import ACCEPT, ALL, extensions
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.files.verbs import store_file
from portaal.domain.identity.models import User
from portaal.domain.journal.recording import DuplicateSubmission
from portaal.domain.messaging import drafts, verbs
from portaal.domain.messaging.models import Message
from portaal.domain.messaging.validators import BODY_MAX, FILES_MAX, normalize
from portaal.web.form_errors import add_errors

from ..kept_forms import typed
from ..sessions import UserRequest
from .drafts import initial, initial_files
from .intake import intake, uuid_of

CLOSED = gettext_noop(
    "Your message was not sent: you cannot write in this dossier any more. Call us."
)
SENT_BEFORE = gettext_noop(
    "This message was sent already from another window."
    " What you changed here was not sent; you can send it as another message."
)
SENDS_NOTHING = {"remove", "insert", "discard"}  # buttons; they accept empty fields


def write(
    request: UserRequest,
    form_class: type[forms.Form],
    dossier: Dossier,
    reply_to: Message | None = None,
    **options: Any,  # Any: further arguments of the form
) -> Page:
    """Open the form of a new message or of a reply, or do what the pressed button asks.

    The returned page has the message that was sent. If none was, the form has the errors, and the
    files stay attached.
    """
    page = Page(request, dossier, reply_to)
    if request.method != "POST":
        page.open(form_class, options)
        return page
    page.fill(form_class, options)
    try:
        if page.is_ready and reply_to:
            page.sent = verbs.reply(reply_to, **page.content)
        elif page.is_ready:
            parties = page.form.cleaned_data.get("parties", ())
            page.sent = verbs.send(dossier, parties=parties, **page.content)
        elif "discard" in request.POST and page.submission_id:
            store.delete(request.user, page.submission_id)
            page.is_discarded = True
    except (ValidationError, PermissionDenied, DuplicateSubmission) as error:
        page.refuse(error)
    if not page.sent:
        page.keep_posted_files()
    return page


class Content(TypedDict):
    """The arguments that `verbs.send` and `verbs.reply` share."""

    by: User
    subject: str
    body: str
    files: list[StoredFile | StoredBytes]
    submission: UUID | None
    as_office: bool


@dataclass
class Page:
    """A form of a message with its attachments, or the message that was sent with it."""

    request: UserRequest
    dossier: Dossier
    reply_to: Message | None
    form: forms.Form = field(init=False)
    content: Content = field(init=False)
    files: list[StoredFile] = field(default_factory=list)
    posted: list[StoredBytes] = field(default_factory=list)  # no rows yet
    draft: Draft | None = None
    submission_id: UUID | None = None
    is_ready: bool = False  # to be sent: the form has no errors
    is_discarded: bool = False
    sent: Message | None = None

    @cached_property
    def may_write(self) -> bool:
        """Tell if the user may send messages in the dossier."""
        return may_write(self.request.user, self.dossier)

    def open(self, form_class: type[forms.Form], options: dict[str, Any]) -> None:
        """Fill the form from the draft, or with what was typed when the session ended."""
        if self.may_write:
            self.draft = drafts.find(self.request.user, self.dossier, self.reply_to)
            self.files = initial_files(self.request, self.draft, self.dossier)
        self.submission_id = self.draft.pk if self.draft else None
        data = initial(self.draft, self.reply_to) | typed(self.request, form_class)
        self.form = form_class(initial=data, **options)

    def fill(self, form_class: type[forms.Form], options: dict[str, Any]) -> None:
        """Take the posted form with its files, and show what is wrong with them."""
        self.submission_id = uuid_of(self.request.POST.get("submission", ""))
        self.files, self.posted, errors = intake(self.request, self.dossier)
        self.form = form_class(self.request.POST, **options)
        self.form.is_valid()
        is_for_sending = not self.request.POST.keys() & SENDS_NOTHING
        if not is_for_sending:
            self.form.errors.clear()
        for error in errors:
            self.form.add_error("upload", error)
        self.is_ready = is_for_sending and not self.form.errors
        if is_for_sending and self.form.errors and not self.may_write:
            self.form.add_error(None, _(CLOSED))
        data = self.form.cleaned_data
        self.content = Content(
            by=self.request.user,
            subject=data.get("subject", ""),
            body=data.get("body", ""),
            files=[*self.files, *self.posted],
            submission=self.submission_id,
            as_office=data.get("as_office", False),
        )

    def refuse(self, error: Exception) -> None:
        """Show in the form why the verb did not send the message."""
        if isinstance(error, ValidationError):
            add_errors(self.form, error)
        elif isinstance(error, DuplicateSubmission):
            self.submission_id = uuid4()
            self.form.add_error(None, _(SENT_BEFORE))
        else:
            self.form.add_error(None, _(CLOSED))

    def keep_posted_files(self) -> None:
        """Keep the posted files attached, by storing their rows; delete them if not allowed."""
        for received in self.posted:
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

    def insert(self, text: str) -> None:
        """Append `text` to the body and focus it, as the page opens above the conversation."""
        body = normalize(self.form.data.get("body", "")).rstrip()
        data = QueryDict(mutable=True)
        data.update(self.request.POST)
        data["body"] = "\n\n".join(filter(None, [body, text]))
        self.form.data = data
        self.form.fields["body"].widget.attrs["autofocus"] = bool(text)

    def context(self) -> dict[str, object]:
        """Return the context of the form's template."""
        face = self.request.session.face
        return {
            "form": self.form,
            "dossier": self.dossier,
            "reply_to": self.reply_to,
            "draft": self.draft,
            "submission_id": self.submission_id,
            "files": [_row(file, face) for file in self.files],
            "has_gps": any(file.has_gps for file in self.files),
            "upload_url": reverse(f"{face}:upload_new", args=[self.dossier.pk]),
            "attachment_rules": {
                "accept": ACCEPT,
                "kinds": extensions(ALL),
                "files_max": FILES_MAX,
                "file_max_bytes": settings.FILE_MAX_BYTES,
            },
            "body_max": BODY_MAX,
        }


def _row(file: StoredFile, face: str) -> dict[str, object]:
    """Return a row of the list of attachments, with the URL that deletes the file."""
    return {
        "pk": file.pk,
        "name": file.name,
        "size": file.size,
        "url": reverse(f"{face}:upload", args=[file.pk]),
        "kind_label": file.kind.label,
        "is_photo": file.is_photo,
        "has_gps": file.has_gps,
    }
