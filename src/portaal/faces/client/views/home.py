"""Home (manual 2): three tiles and what is new."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Window
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
    documents, messages = _new_documents(request.user), _new_messages(request.user)
    return show(
        request,
        "home.html",
        section="home",
        today=timezone.localdate(),
        dossiers_total=sum(dossiers.values()),
        dossiers_in_progress=dossiers.get(Status.Group.IN_PROGRESS, 0),
        dossiers_url=reverse("client:dossiers"),
        unread_documents=documents[0]["total"] if documents else 0,
        unread_messages=messages[0]["total"] if messages else 0,
        new_items=_newest(documents, messages),
    )


def _newest(
    documents: list[dict[str, Any]], messages: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What is shown of both: {at, message} with the message, or None and {document, tab}."""
    newest = sorted([*documents, *messages], key=lambda item: item["at"], reverse=True)[:NEW_MAX]
    seen = [item["pk"] for item in newest if "tab" not in item]
    words = {message.pk: message for message in _shown(seen)} if seen else {}
    return [
        {"at": item["at"], "message": words[item["pk"]]}
        if item["pk"] in words
        else {
            "at": item["at"],
            "message": None,
            "document": item,
            "tab": Publication.Tab(item["tab"]),
        }
        for item in newest
    ]


@prepared
def _dossiers(user: User) -> QuerySet[Dossier, tuple[str, int]]:
    """How many dossiers there are in each group of statuses."""
    return (
        Dossier.objects.visible_to(user)
        .order_by()
        .values_list("status__group")
        .annotate(Count("pk"))
    )


@prepared
def _new_documents(user: User) -> QuerySet[Publication, dict[str, Any]]:
    """The newest that are unread, each with the `total` of all that are."""
    shown = {
        "at": F("published_at"),
        "of_dossier": F("dossier__description"),
        "total": Window(Count("pk")),
    }
    return (
        Publication.objects.new_to(user)
        .order_by("-published_at")
        .values("pk", "dossier", "tab", "title", **shown)[:NEW_MAX]
    )


@prepared
def _new_messages(user: User) -> QuerySet[Message, dict[str, Any]]:
    """Which are the newest that are unread, and the `total`: counting is quick where rows are narrow."""
    return Message.objects.new_to(user).values("pk", at=F("sent_at"), total=Window(Count("pk")))[
        :NEW_MAX
    ]


@prepared
def _shown(seen: list[UUID]) -> QuerySet[Message]:
    """The words of those that `_new_messages` found, and whom they come from."""
    sender = (f"sender__{name}" for name in ("first_names", "infix", "surname"))
    dossier = (f"dossier__{name}" for name in ("description", "vault__wrapped", "vault__master"))
    found = Message.objects.filter(pk__in=seen).select_related("sender", "dossier__vault")
    return found.only("sealed", "sent_at", "from_office", "as_office", *dossier, *sender)
