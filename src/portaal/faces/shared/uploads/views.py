"""Resumable uploads of attachments, before their message is sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from portaal.domain.dossiers.models import Dossier, VisibleDossiers
from portaal.domain.files.models import Upload, VisibleUploads
from portaal.domain.identity.models import User
from portaal.speed.queries import prepared

from ..access import logged_in
from ..sessions import UserRequest
from . import tus


@logged_in
@require_http_methods(["POST", "OPTIONS"])
def upload_new(request: UserRequest, pk: UUID) -> HttpResponse:
    dossier = _dossier.get_or_404(request.user, pk)
    return tus.begin(request, dossier, f"{request.session.face}:upload")


@logged_in
@require_http_methods(["HEAD", "PATCH", "DELETE", "OPTIONS"])
def upload(request: UserRequest, pk: UUID) -> HttpResponse:
    upload = _upload.get_or_404(request.user, pk)
    dossier = _dossier.first(request.user, upload.dossier)
    return tus.go_on(request, upload, dossier)


@prepared
def _dossier(user: User, pk: UUID) -> VisibleDossiers:
    return Dossier.objects.visible_to(user).filter(pk=pk).select_related("vault")


@prepared
def _upload(user: User, pk: UUID) -> VisibleUploads:
    return Upload.objects.visible_to(user).filter(pk=pk).select_related("vault")
