"""Who may what with what the office publishes."""

from __future__ import annotations

from portaal.domain.accounts.models import User
from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.rules import may_handle

from .models import Publication


def may_publish(user: User, dossier: Dossier) -> bool:
    """Whoever handles the dossier publishes in it, also after it is closed: the last copies come then."""
    return may_handle(user, dossier)


def may_download(user: User, publication: Publication) -> bool:
    """Who sees it may have it."""
    return Publication.objects.visible_to(user).filter(pk=publication.pk).exists()
