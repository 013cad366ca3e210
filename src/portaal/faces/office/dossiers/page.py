"""Parts that every page of a dossier at the office shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portaal.domain.dossiers.models import Dossier, Party, VisibleDossiers
from portaal.faces.shared.access import StaffRequest

from .forms import AppointmentForm, StatusForm
from .history import history_of


@dataclass(frozen=True)
class PartyRow:
    """An active party, with the state of its client's logins."""

    party: Party
    last_login: datetime | None
    is_registered: bool
    invited_at: datetime | None

    @classmethod
    def of(cls, party: Party) -> PartyRow:
        """Return the row of a party. Needs the logins and invitations of its client."""
        memberships = [each for each in party.client.memberships.all() if each.ended_at is None]
        logins = [each.user for each in memberships]
        invitations = (each for membership in memberships for each in membership.invitations.all())
        return cls(
            party,
            max((each.last_login_at for each in logins if each.last_login_at), default=None),
            any(each.password_set_at for each in logins),
            max((each.invited_at for each in invitations), default=None),
        )


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


def _parties(dossier: Dossier) -> list[PartyRow]:
    parties = Party.objects.filter(dossier=dossier).active().select_related("client")
    of_client = ("client__memberships__user", "client__memberships__invitations")
    return [PartyRow.of(party) for party in parties.prefetch_related(*of_client)]
