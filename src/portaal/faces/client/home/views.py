"""Home (manual 2): three tiles and a list of news."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, F, QuerySet, Window
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Message
from portaal.domain.office.models import Status
from portaal.faces.shared.access import ClientRequest, client
from portaal.speed.queries import prepared

from ..page import show
from .rows import NewDocument, NewItem, NewMessage

NEW_MAX = 5


@client
@require_safe
def home(request: ClientRequest) -> HttpResponse:
    dossiers = dict(_dossiers(request.user))
    documents, messages = _new_documents(request.user), _new_messages(request.user)
    return show(
        request,
        "home/home.html",
        section="home",
        today=timezone.localdate(),
        dossiers_total=sum(dossiers.values()),
        dossiers_in_progress=dossiers.get(Status.Group.IN_PROGRESS, 0),
        dossiers_url=reverse("client:dossiers"),
        unread_documents=documents[0]["total"] if documents else 0,
        unread_messages=messages[0]["total"] if messages else 0,
        new_items=_newest(documents, messages),
    )


def _newest(documents: list[NewDocument], messages: list[NewMessage]) -> list[NewItem]:
    """Return the newest of both; a message that was deleted meanwhile is left out."""
    newest = sorted([*documents, *messages], key=lambda item: item["at"], reverse=True)[:NEW_MAX]
    ids = {item["pk"] for item in newest}
    seen = [message["pk"] for message in messages if message["pk"] in ids]
    items = [
        NewItem(document["at"], document=document, tab=Publication.Tab(document["tab"]))
        for document in documents
        if document["pk"] in ids
    ]
    items += [NewItem(message.sent_at, message=message) for message in _shown(seen)] if seen else []
    return sorted(items, key=lambda item: item.at, reverse=True)


@prepared
def _dossiers(user: User) -> QuerySet[Dossier, tuple[str, int]]:
    """Return (group of statuses, number of dossiers)."""
    return (
        Dossier.objects.visible_to(user)
        .order_by()
        .values_list("status__group")
        .annotate(Count("pk"))
    )


@prepared
def _new_documents(user: User) -> QuerySet[Publication, NewDocument]:
    documents = Publication.objects.new_to(user).order_by("-published_at")
    described = documents.annotate(at=F("published_at"), of_dossier=F("dossier__description"))
    counted = described.annotate(total=Window(Count("pk")))
    return counted.values("pk", "dossier", "tab", "title", "at", "of_dossier", "total")[:NEW_MAX]


@prepared
def _new_messages(user: User) -> QuerySet[Message, NewMessage]:
    """Return keys only, as counting is quick when rows are narrow."""
    return Message.objects.new_to(user).values("pk", at=F("sent_at"), total=Window(Count("pk")))[
        :NEW_MAX
    ]


@prepared
def _shown(seen: list[UUID]) -> QuerySet[Message]:
    """Return the content and sender of messages that `_new_messages` found."""
    sender = (f"sender__{name}" for name in ("first_names", "infix", "surname"))
    dossier = (f"dossier__{name}" for name in ("description", "vault__wrapped", "vault__master"))
    messages = Message.objects.filter(pk__in=seen).select_related("sender", "dossier__vault")
    return messages.only("sealed", "sent_at", "from_office", "as_office", *dossier, *sender)
