"""Home (manual 2): three tiles and what is new."""

from __future__ import annotations

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier
from portaal.domain.office.models import Status
from portaal.gateways.prepared import prepared
from portaal.web.access import client

from ..page import show

NEW_MAX = 5


@client
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    dossiers = dict(_dossiers(request.user))
    new_items = _new_items(request.user)
    return show(
        request,
        "home.html",
        section="home",
        today=timezone.localdate(),
        dossiers_total=sum(dossiers.values()),
        dossiers_in_progress=dossiers.get(Status.Group.IN_PROGRESS, 0),
        dossiers_url=reverse("client:dossiers"),
        unread_total=new_items[0].total if new_items else 0,
        new_items=new_items,
    )


@prepared
def _dossiers(user: User) -> QuerySet[Dossier, tuple[str, int]]:
    """How many dossiers there are in each group of statuses."""
    return Dossier.objects.visible_to(user).order_by().values_list("status__group").annotate(Count("pk"))


@prepared
def _new_items(user: User) -> QuerySet[Publication]:
    """The newest that are unread, each with the `total` of all that are."""
    new = Publication.objects.new_to(user).select_related("dossier").order_by("-published_at")
    shown = new.only("title", "tab", "published_at", "dossier__description")
    return shown.annotate(total=Window(Count("pk")))[:NEW_MAX]
