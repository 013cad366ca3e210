"""Events of publications, with their words in the history."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portaal.domain.journal.registry import EventType, titles_of
from portaal.speed.queries import prepared

from .models import Publication

PUBLISHED = EventType(
    "documents.publish",
    Publication,
    words=_("published “%(title)s”"),
    fields=("parties", "digest"),
    mail=_("Something new"),
)
WITHDRAWN = EventType("documents.withdraw", Publication, words=_("withdrew “%(title)s”"))
DOWNLOADED = EventType("documents.download", Publication, words=_("downloaded “%(title)s”"))
RELEASED = EventType(
    "documents.release", Publication, words=_("let “%(title)s” through"), fields=("reason",)
)
RESCANNED = EventType("documents.rescan", Publication, words=_("had “%(title)s” checked again"))


@titles_of(Publication)
def _titles(ids: Sequence[str]) -> dict[str, str]:
    return {str(pk): title for pk, title in _titled(list(map(UUID, ids)))}


@prepared
def _titled(ids: list[UUID]) -> QuerySet[Publication, tuple[UUID, str]]:
    return Publication.objects.filter(pk__in=ids).values_list("pk", "title")
