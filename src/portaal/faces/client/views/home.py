"""Home (manual 2): three tiles and what is new."""

from __future__ import annotations

from django.db.models import Count, Q, Window
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier
from portaal.domain.office.models import Status
from portaal.web.access import client

from ..page import show

NEW_MAX = 5


@client
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    dossiers = Dossier.objects.visible_to(request.user)
    counts = dossiers.aggregate(total=Count("pk"), in_progress=Count("pk", filter=Q(status__group=Status.Group.IN_PROGRESS)))
    new = Publication.objects.new_to(request.user).select_related("dossier").order_by("-published_at")
    new_items = list(new.annotate(total=Window(Count("pk")))[:NEW_MAX])
    return show(
        request,
        "home.html",
        section="home",
        today=timezone.localdate(),
        dossiers_total=counts["total"],
        dossiers_in_progress=counts["in_progress"],
        dossiers_url=reverse("client:dossiers"),
        unread_total=new_items[0].total if new_items else 0,
        new_items=new_items,
    )
