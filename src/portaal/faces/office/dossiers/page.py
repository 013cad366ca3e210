"""Parts that every page of a dossier at the office shares."""

from __future__ import annotations

from typing import Any

from portaal.domain.dossiers.models import Dossier, Party, VisibleDossiers
from portaal.faces.shared.access import StaffRequest

from .forms import AppointmentForm, StatusForm
from .history import history_of


def dossiers_with_head(request: StaffRequest) -> VisibleDossiers:
    """Return the user's dossiers with the relations that the head of the page shows."""
    return (
        Dossier.objects.visible_to(request.user)
        .select_related("status", "type", "handler", "vault")
        .with_progress()
    )


def dossier_context(dossier: Dossier) -> dict[str, object]:
    """Return the context of the page's head, parties, history and forms."""
    return {
        "section": "dossiers",
        "dossier": dossier,
        "progress": dossier.progress,
        "waiting": dossier.messages.pending().count(),
        "parties": _parties(dossier),
        "history": history_of(dossier),
        "status_form": StatusForm(initial={"status": dossier.status, "was": dossier.status}),
        "appointment_form": AppointmentForm.of(dossier),
    }


def _parties(dossier: Dossier) -> list[Party]:
    """Return the active parties, each with the `logins` of its client and a summary of them."""
    parties = list(
        Party.objects.filter(dossier=dossier)
        .active()
        .select_related("client")
        .prefetch_related("client__memberships__user", "client__memberships__invitations")
    )
    party: Any  # gets attributes for the template
    for party in parties:
        memberships = [each for each in party.client.memberships.all() if each.ended_at is None]
        party.logins = [m.user for m in memberships]
        party.last_login = max(
            (m.user.last_login_at for m in memberships if m.user.last_login_at), default=None
        )
        party.accepted = any(m.user.password_set_at for m in memberships)
        party.invited_at = max(
            (i.invited_at for m in memberships for i in m.invitations.all()), default=None
        )
    return parties
