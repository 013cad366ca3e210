"""Who may what with what the office publishes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_handle
from portaal.gateways.prepared import prepared

from .models import Publication


def may_publish(user: User, dossier: Dossier) -> bool:
    """Whoever handles the dossier publishes in it, also after it is closed: the last copies come then."""
    return may_handle(user, dossier)


def may_download(user: User, publication: Publication) -> bool:
    """Who sees it may have it."""
    return bool(_seen(user, publication.pk))


@prepared
def _seen(user: User, publication: UUID) -> QuerySet[Publication, tuple[UUID]]:
    return Publication.objects.visible_to(user).filter(pk=publication).values_list("pk")
