"""Verbs for publications."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Dossier, Party
from portaal.domain.files import verbs as files
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.journal.recording import record, verb

from . import permissions
from .events import PUBLISHED, WITHDRAWN
from .models import Publication, Recipient


@verb
def publish(
    dossier: Dossier,
    *,
    by: User,
    file: StoredFile,
    title: str,
    tab: str,
    kind: str,
    parties: Collection[Party],
    submission: UUID | None = None,
) -> Publication:
    """Publish a document to parties of the dossier ("Publiceren", manual 2.1.1.2, 2.1.1.3).

    Raises ValidationError without a title, without a party or when one was removed meanwhile;
    PermissionDenied for a file that is not a pending upload of this login in this dossier.
    """
    _only(permissions.may_publish(by, dossier))
    chosen = list(
        Party.objects.active().filter(dossier=dossier, pk__in=[party.pk for party in parties])
    )
    if not chosen:
        raise ValidationError({"parties": _("Choose for whom you publish this.")})
    if len(chosen) != len(parties):
        raise ValidationError(
            {"parties": _("Someone you chose is no longer a party. Look who is, and choose again.")}
        )
    publication = Publication(
        dossier=dossier,
        tab=tab,
        kind=kind,
        title=title.strip(),
        file=files.claim(file, by=by, vault=dossier.vault)[0],
        published_by=by,
    )
    publication.clean_fields()
    publication.save(force_insert=True)
    Recipient.objects.bulk_create(
        Recipient(publication=publication, party=party) for party in chosen
    )
    record(
        PUBLISHED,
        publication,
        by=by,
        dossier=dossier.pk,
        submission=submission,
        parties=[str(party.pk) for party in chosen],
        digest=dossier.vault.digest(file.sha256),
    )
    return publication


@verb
def withdraw(publication: Publication, *, by: User) -> Publication:
    """Withdraw a publication ("Intrekken").

    Clients lose sight of it at once; it stays in the history. Downloaded copies remain.
    """
    _only(permissions.may_publish(by, publication.dossier))
    if Publication.objects.filter(pk=publication.pk, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    ):
        publication.refresh_from_db()
        record(WITHDRAWN, publication, by=by, dossier=publication.dossier_id)
    return publication


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
