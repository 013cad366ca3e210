"""Download of a publication (manual 2.1.1.2, 2.1.1.3)."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication, VisiblePublications
from portaal.domain.identity.models import User
from portaal.faces.shared import files
from portaal.faces.shared.access import ClientRequest, client
from portaal.faces.shared.downloads import same_site
from portaal.speed.queries import prepared


@client
@require_GET
@same_site
def download(request: ClientRequest, pk: UUID) -> HttpResponseBase:
    """Send the file under the title on the page, as its file name is for the office only."""
    publication = _publication.get_or_404(request.user, pk)
    return files.download(request, PublicationFile(publication), name=publication.title)


@prepared
def _publication(user: User, pk: UUID) -> VisiblePublications:
    return (
        Publication.objects.visible_to(user)
        .with_unread(user)
        .filter(pk=pk)
        .select_related("file__vault", "dossier")
    )
