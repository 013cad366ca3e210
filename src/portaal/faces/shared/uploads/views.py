"""Resumable uploads of attachments, before their message is sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from ..access import logged_in
from ..sessions import UserRequest
from . import tus


@logged_in
@require_http_methods(["POST", "OPTIONS"])
def upload_new(request: UserRequest, pk: UUID) -> HttpResponse:
    dossier = tus.visible_dossier.get_or_404(request.user, pk)
    return tus.begin(request, dossier, f"{request.session.face}:upload")


@logged_in
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
def upload(request: UserRequest, pk: UUID) -> HttpResponse:
    upload = tus.visible_upload.get_or_404(request.user, pk)
    return tus.go_on(request, upload)
