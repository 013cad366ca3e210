"""Parts that every page of a dossier at the office shares."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from portaal.domain.dossiers.models import Dossier, Party, VisibleDossiers
from portaal.domain.identity.models import User
from portaal.domain.messaging.models import Message
from portaal.speed.queries import counted, prepared

from .forms import AppointmentForm, StatusForm
from .history import history_of


@prepared
def dossier_with_head(user: User, pk: UUID) -> VisibleDossiers:
    """Return the dossier with the relations and the progress that the head of the page shows."""
    dossiers = Dossier.objects.visible_to(user).filter(pk=pk)
    return dossiers.select_related("status", "type", "handler", "vault").with_progress()


def dossier_context(dossier: Dossier) -> dict[str, object]:
    """Return the context of the page's head, parties, history and forms."""
    return {
        "section": "dossiers",
        "dossier": dossier,
        "progress": dossier.progress,
        "waiting": _pending.first(dossier),
        "parties": _parties(dossier),
        "history": history_of(dossier),
        "status_form": StatusForm(initial={"status": dossier.status, "was": dossier.status}),
        "appointment_form": AppointmentForm.of(dossier),
    }


@prepared
def _pending(dossier: Dossier) -> QuerySet[Message, int]:
    return counted(Message.objects.filter(dossier=dossier).pending())


@prepared
def _parties(dossier: Dossier) -> QuerySet[Party]:
    return Party.objects.filter(dossier=dossier).active().select_related("client").with_logins()
