"""'Download' (manual 2.1.1.2, 2.1.1.3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from portaal.domain.documents import verbs
from portaal.domain.documents.models import Publication
from portaal.web.access import client
from portaal.web.downloads import file_response


@client
@require_GET
def download(request: HttpRequest, pk: Any) -> HttpResponseBase:
    seen = Publication.objects.visible_to(request.user).select_related("file__vault", "dossier")
    publication = get_object_or_404(seen, pk=pk)
    return file_response(verbs.download(publication, by=request.user))
