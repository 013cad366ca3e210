"""Events of dossiers, with their words in the history."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from portaal.domain.identity.models import User
from portaal.domain.journal.registry import EventType, titles_of

from .models import Dossier, Party, Step

DOSSIER_OPENED = EventType("dossiers.open_dossier", Dossier, words=_("opened the dossier"))
STAFF_ASSIGNED = EventType(
    "dossiers.assign", User, words=_("assigned “%(title)s” to the dossier"), fields=("kind",)
)
STAFF_UNASSIGNED = EventType("dossiers.unassign", User, words=_("took “%(title)s” off the dossier"))
PARTY_ADMITTED = EventType(
    "dossiers.admit",
    Party,
    words=_("added “%(title)s” as a party"),
    fields=("role", "access"),
)
PARTY_REMOVED = EventType(
    "dossiers.remove_party", Party, words=_("took “%(title)s” out of the dossier")
)
ACCESS_GRANTED = EventType(
    "dossiers.grant",
    Party,
    words=_("gave a login of “%(title)s” access"),
    fields=("membership",),
)
STATUS_CHANGED = EventType(
    "dossiers.change_status", Dossier, words=_("changed the status"), fields=("status",)
)
APPOINTMENT_SET = EventType(
    "dossiers.set_appointment",
    Dossier,
    words=_("changed the appointment"),
    changes=("appointment_at",),
)
STEP_ADVANCED = EventType("dossiers.advance", Step, words=_("finished “%(title)s”"))
STEP_SET_BACK = EventType("dossiers.set_back", Step, words=_("reopened “%(title)s”"))


@titles_of(User)
def _staff_names(ids: Sequence[str]) -> dict[str, str]:
    return {str(user.pk): user.full_name for user in User.objects.filter(pk__in=ids)}


@titles_of(Party)
def _names(ids: Sequence[str]) -> dict[str, str]:
    parties = Party.objects.filter(pk__in=ids).select_related("client")
    return {str(party.pk): party.client.name for party in parties}


@titles_of(Step)
def _step_names(ids: Sequence[str]) -> dict[str, str]:
    return {str(step.pk): str(step) for step in Step.objects.filter(pk__in=ids)}
