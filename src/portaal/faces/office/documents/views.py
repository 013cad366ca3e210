"""Publications of a dossier ("Stukken"): publish, withdraw, release, and their readers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portaal.domain.documents import verbs
from portaal.domain.documents.holders import PublicationFile
from portaal.domain.documents.models import Publication
from portaal.domain.documents.permissions import may_publish
from portaal.domain.dossiers.models import Dossier
from portaal.domain.dossiers.permissions import may_release_files
from portaal.domain.files.models import StoredFile
from portaal.domain.files.verbs import store_file
from portaal.faces.shared import files
from portaal.faces.shared.access import StaffRequest, staff
from portaal.faces.shared.downloads import same_site
from portaal.faces.shared.kept_forms import typed
from portaal.faces.shared.submissions import submission_of
from portaal.faces.shared.uploads.handlers import takes_files, uploads_of
from portaal.gateways.blobs import StoreUnavailable
from portaal.web.form_errors import add_errors
from portaal.web.lookups import get_or_404
from portaal.web.tus_errors import sentence_for_disk

from ..dossiers.page import dossier_context, dossier_with_head
from .forms import PublishForm


@takes_files
@staff
@require_http_methods(["GET", "HEAD", "POST"])
def publications(request: StaffRequest, pk: UUID) -> HttpResponse:
    dossier = dossier_with_head.get_or_404(request.user, pk)
    is_posted = request.method == "POST"
    form = PublishForm(
        request.POST if is_posted else None,
        request.FILES if is_posted else None,
        dossier=dossier,
        user=request.user,
        initial=typed(request, PublishForm),
    )
    kept: StoredFile | None = None
    if is_posted:
        kept = _take_file(request, form, dossier)
        if form.is_valid() and kept and _publish(request, form, dossier, kept):
            return redirect("office:dossier", pk=pk)
    rows = dossier.publications.select_related("file", "published_by")
    context = {
        **dossier_context(dossier),
        "form": form,
        "kept_file": kept,
        "publications": rows.prefetch_related("recipients__party__client", "readings__user"),
        "can_publish": may_publish(request.user, dossier),
        "may_release": may_release_files(request.user, dossier),
    }
    return render(
        request, "office/documents/publications.html", context, status=400 if form.errors else 200
    )


@staff
@require_POST
def publication_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    seen = Publication.objects.visible_to(request.user).select_related("dossier")
    publication = get_or_404(seen, pk=pk)
    if publication.withdrawn_at:
        messages.info(request, _("A colleague had done this already."))
    verbs.withdraw(publication, by=request.user)
    messages.success(
        request,
        _("The document has been withdrawn. What was downloaded already cannot be called back."),
    )
    return redirect("office:dossier", pk=publication.dossier_id)


@staff
@require_POST
def publication_release(request: StaffRequest, pk: UUID) -> HttpResponse:
    seen = Publication.objects.visible_to(request.user).select_related("file", "dossier")
    publication = get_or_404(seen, pk=pk)
    files.release(request, PublicationFile(publication))
    return redirect("office:dossier", pk=publication.dossier_id)


@staff
@require_POST
def publication_rescan(request: StaffRequest, pk: UUID) -> HttpResponse:
    seen = Publication.objects.visible_to(request.user).select_related("file", "dossier")
    publication = get_or_404(seen, pk=pk)
    files.rescan(request, PublicationFile(publication))
    return redirect("office:dossier", pk=publication.dossier_id)


@staff
@require_GET
@same_site
def download(request: StaffRequest, pk: UUID) -> HttpResponseBase:
    seen = Publication.objects.visible_to(request.user).select_related("file__vault", "dossier")
    publication = get_or_404(seen, pk=pk)
    return files.download(request, PublicationFile(publication))


def _take_file(request: StaffRequest, form: PublishForm, dossier: Dossier) -> StoredFile | None:
    """Return the posted file, or the one stored by an earlier, invalid post."""
    form.is_valid()
    for upload in uploads_of(request, "file")[-1:]:
        try:
            return store_file(
                upload.received, by=request.user, vault=dossier.vault, dossier=dossier.pk
            )
        except ValidationError as error:
            add_errors(form, error)
        except StoreUnavailable:  # answered 503: no other file could be stored either
            raise
        except OSError as error:
            form.add_error("file", sentence_for_disk(error))
    return form.cleaned_data.get("kept")


def _publish(request: StaffRequest, form: PublishForm, dossier: Dossier, file: StoredFile) -> bool:
    data = form.cleaned_data
    try:
        publication = verbs.publish(
            dossier,
            by=request.user,
            file=file,
            title=data["title"],
            tab=data["tab"],
            kind=data["kind"],
            parties=list(data["parties"]),
            submission=submission_of(request),
        )
    except ValidationError as error:
        add_errors(form, error)
        return False
    number = publication.recipients.count()
    text = ngettext(
        "“%(title)s” has been published for %(number)s person.",
        "“%(title)s” has been published for %(number)s persons.",
        number,
    )
    messages.success(request, text % {"title": publication.title, "number": number})
    return True
