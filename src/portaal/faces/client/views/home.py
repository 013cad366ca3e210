"""Home (manual 2): three tiles and what is new."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portaal.domain.accounts.models import User
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier
from portaal.domain.messaging.models import Message
from portaal.domain.office.models import Status
from portaal.gateways.prepared import prepared
from portaal.web.access import client

from ..page import show

NEW_MAX = 5


@client
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    dossiers = dict(_dossiers(request.user))
    documents, unread = _new_documents(request.user), _new_messages(request.user)
    messages = _shown([pk for pk, _total in unread]) if unread else []
    new = [{"at": each.published_at, "document": each} for each in documents]
    new += [{"at": each.sent_at, "message": each} for each in messages]
    return show(
        request,
        "home.html",
        section="home",
        today=timezone.localdate(),
        dossiers_total=sum(dossiers.values()),
        dossiers_in_progress=dossiers.get(Status.Group.IN_PROGRESS, 0),
        dossiers_url=reverse("client:dossiers"),
        unread_documents=documents[0].total if documents else 0,
        unread_messages=unread[0][1] if unread else 0,
        new_items=sorted(new, key=lambda item: item["at"], reverse=True)[:NEW_MAX],
    )


@prepared
def _dossiers(user: User) -> QuerySet[Dossier, tuple[str, int]]:
    """How many dossiers there are in each group of statuses."""
    return Dossier.objects.visible_to(user).order_by().values_list("status__group").annotate(Count("pk"))


@prepared
def _new_messages(user: User) -> QuerySet[Message, tuple[UUID, int]]:
    """(which, how many there are of all) of the newest that are unread: counting is quick where rows are narrow."""
    new = Message.objects.new_to(user)
    return new.values_list("pk").annotate(total=Window(Count("pk")))[:NEW_MAX]


@prepared
def _shown(seen: list[UUID]) -> QuerySet[Message]:
    """The words of those that `_new_messages` found, and whom they come from."""
    sender = (f"sender__{name}" for name in ("first_names", "infix", "surname"))
    dossier = (f"dossier__{name}" for name in ("description", "vault__wrapped", "vault__master"))
    found = Message.objects.filter(pk__in=seen).select_related("sender", "dossier__vault")
    return found.only("sealed", "sent_at", "from_office", "as_office", *dossier, *sender)


@prepared
def _new_documents(user: User) -> QuerySet[Publication]:
    """The newest that are unread, each with the `total` of all that are."""
    new = Publication.objects.new_to(user).select_related("dossier").order_by("-published_at")
    shown = new.only("title", "tab", "published_at", "dossier__description")
    return shown.annotate(total=Window(Count("pk")))[:NEW_MAX]
