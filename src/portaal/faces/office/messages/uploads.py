"""Resumable uploads of attachments, before their message is sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from portaal.domain.dossiers.models import Dossier
from portaal.domain.files.models import Upload
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.uploads import tus
from portaal.web.lookups import get_or_404


@staff
@require_http_methods(["POST", "OPTIONS"])
def upload_new(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = get_or_404(Dossier.objects.visible_to(request.user).select_related("vault"), pk=pk)
    return tus.begin(request, dossier, "office:upload")


@staff
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
def upload(request: StaffRequest, pk: UUID) -> HttpResponse:
    upload = get_or_404(Upload.objects.visible_to(request.user).select_related("vault"), pk=pk)
    return tus.go_on(request, upload)
