"""Attachments as holders of a file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portaal.domain.files.holders import FileEvents
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User

from . import permissions
from .events import DOWNLOADED, RELEASED, RESCANNED, VIEWED
from .models import Attachment


@dataclass(frozen=True)
class AttachmentFile:
    """The file of an attachment."""

    row: Attachment
    events = FileEvents(
        downloaded=DOWNLOADED, released=RELEASED, rescanned=RESCANNED, viewed=VIEWED
    )

    @property
    def file(self) -> StoredFile:
        return self.row.file

    @property
    def dossier_id(self) -> UUID:
        return self.row.message.dossier_id

    def may_download(self, user: User) -> bool:
        return permissions.may_download(user, self.row)

    def may_release(self, user: User) -> bool:
        return permissions.may_release(user, self.row)

    def may_rescan(self, user: User) -> bool:
        return permissions.may_rescan(user, self.row)

    def mark_opened(self, user: User) -> None:
        """Do nothing: a message is read when it is opened, not with its attachments."""
