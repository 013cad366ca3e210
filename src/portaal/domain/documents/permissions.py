"""Permissions for publications."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_handle, may_release_files
from portaal.domain.identity.models import User
from portaal.speed.queries import prepared

from .models import Publication


def may_publish(user: User, dossier: Dossier) -> bool:
    """Handlers may publish, also in a closed dossier, as final copies follow then."""
    return may_handle(user, dossier)


def may_release(user: User, publication: Publication) -> bool:
    """Handlers of the dossier release a quarantined file."""
    return may_release_files(user, publication.dossier)


def may_rescan(user: User, publication: Publication) -> bool:
    """Staff of the dossier have a quarantined file checked again."""
    return may_handle(user, publication.dossier)


def may_download(user: User, publication: Publication) -> bool:
    """A publication may be downloaded where it is visible."""
    return bool(_visible_ids(user, publication.pk))


@prepared
def _visible_ids(user: User, publication: UUID) -> QuerySet[Publication, tuple[UUID]]:
    return Publication.objects.visible_to(user).filter(pk=publication).values_list("pk")
