"""Publications as holders of a file."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from portaal.domain.files.holders import FileEvents
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User

from . import permissions
from .events import DOWNLOADED, RELEASED, RESCANNED
from .models import Publication, Recipient


@dataclass(frozen=True)
class PublicationFile:
    """The file of a publication. A client's login that opens it has read the publication."""

    row: Publication
    events = FileEvents(downloaded=DOWNLOADED, released=RELEASED, rescanned=RESCANNED)

    @property
    def file(self) -> StoredFile:
        return self.row.file

    @property
    def dossier_id(self) -> UUID:
        return self.row.dossier_id

    def may_download(self, user: User) -> bool:
        return permissions.may_download(user, self.row)

    def may_release(self, user: User) -> bool:
        return permissions.may_release(user, self.row)

    def may_rescan(self, user: User) -> bool:
        return permissions.may_rescan(user, self.row)

    def mark_opened(self, user: User) -> None:
        """Mark the publication as read by a client's login; the office has no readings."""
        may_be_first = not user.is_staff and getattr(self.row, "unread", True)  # of `with_unread`
        if may_be_first and Publication.objects.filter(pk=self.row.pk).add_readings(user):
            Recipient.objects.filter(publication=self.row).mark_seen_by_all()
