"""Verbs for dossiers, their parties and their progress."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.clients.models import Client, Membership
from portaal.domain.clients.verbs import invite_client
from portaal.domain.identity.models import User
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import record, verb
from portaal.domain.journal.registry import EventType
from portaal.domain.keys.models import Change, Vault
from portaal.domain.office.models import DossierType, Status

from . import permissions
from .events import (
    ACCESS_GRANTED,
    APPOINTMENT_SET,
    DOSSIER_OPENED,
    PARTY_ADMITTED,
    PARTY_REMOVED,
    STAFF_ASSIGNED,
    STAFF_UNASSIGNED,
    STATUS_CHANGED,
    STEP_ADVANCED,
    STEP_SET_BACK,
)
from .models import Access, Assignment, Dossier, Grant, Party, Step


@verb
def open_dossier(
    *,
    by: User,
    number: str,
    description: str,
    type: DossierType,
    status: Status,
    handler: User,
    confidential: bool = False,
    submission: UUID | None = None,
) -> Dossier:
    """Open a dossier with the progress list of its type and a vault of its own.

    Raises ValidationError by field, also when the number exists already or `handler` is not an
    active handler.
    """
    _only(permissions.may_open(by))
    if not permissions.may_be_handler(handler):
        raise ValidationError({"handler": _("Choose a handler of this office.")})
    dossier = Dossier(
        number=number.strip(),
        description=description.strip(),
        type=type,
        status=status,
        handler=handler,
        confidential=confidential,
        vault=Vault.objects.make(),
    )
    dossier.full_clean(exclude=["number", "vault"])
    dossier.clean_fields(exclude=["vault"])
    try:
        with transaction.atomic():
            dossier.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            {"number": _("There is a dossier with this number already. Enter another number.")}
        )
    Assignment.objects.create(dossier=dossier, user=handler, kind=Assignment.Kind.HANDLER)
    Step.objects.bulk_create(
        Step(dossier=dossier, name_nl=step.name_nl, name_en=step.name_en, position=step.position)
        for step in type.steps.all()
    )
    record(DOSSIER_OPENED, dossier, by=by, dossier=dossier.pk, submission=submission)
    return dossier


@verb
def assign(dossier: Dossier, *, by: User, user: User, kind: str) -> Dossier:
    """Assign staff to the dossier as handler, deputy or secretary, or change what they are.

    A new handler takes the place of the old one, who is no longer assigned. Raises ValidationError
    by field, also when the handler would become something else without a new handler.
    """
    _only(permissions.may_handle(by, dossier))
    if kind not in Assignment.Kind.values:
        raise ValidationError({"kind": _("Choose handler, deputy or secretary.")})
    if not permissions.may_be_assigned(user, kind):
        raise ValidationError({"user": _("Choose somebody of this office who works in dossiers.")})
    _lock(dossier)
    if dossier.assignments.filter(user=user, kind=kind).exists():
        return dossier
    if kind == Assignment.Kind.HANDLER:
        dossier.assignments.filter(kind=kind).delete()
        dossier.handler = user
        dossier.save(update_fields=["handler"])
    elif dossier.handler_id == user.pk:
        raise ValidationError({"user": _("Give the dossier another handler first.")})
    Assignment.objects.update_or_create(dossier=dossier, user=user, defaults={"kind": kind})
    record(STAFF_ASSIGNED, user, by=by, dossier=dossier.pk, kind=kind)
    return dossier


@verb
def unassign(dossier: Dossier, *, by: User, user: User) -> Dossier:
    """End the assignment of a deputy or secretary, who then sees no confidential dossier.

    Raises ValidationError for the handler, because a dossier always has one.
    """
    _only(permissions.may_handle(by, dossier))
    _lock(dossier)
    if dossier.handler_id == user.pk:
        raise ValidationError({"user": _("Give the dossier another handler first.")})
    if dossier.assignments.filter(user=user).delete()[0]:
        record(STAFF_UNASSIGNED, user, by=by, dossier=dossier.pk)
    return dossier


@verb
def admit(
    dossier: Dossier,
    *,
    by: User,
    client: Client,
    role: str,
    access: str = Access.WRITE,
    invited: bool = False,
    submission: UUID | None = None,
) -> Party:
    """Add a client to the dossier as a party with a role.

    If `invited`, a client that was never invited is invited too. Raises ValidationError when the
    client is a party already, and for the field `invite` when the client cannot be invited.
    """
    _only(permissions.may_handle(by, dossier))
    party = Party(dossier=dossier, client=client, role=role, access=access)
    party.clean_fields()
    try:
        with transaction.atomic():
            party.save(force_insert=True)
    except IntegrityError:
        raise ValidationError(
            {"client": _("%(name)s is a party in this dossier already.") % {"name": client.name}}
        )
    record(
        PARTY_ADMITTED,
        party,
        by=by,
        dossier=dossier.pk,
        role=role,
        access=access,
        submission=submission,
    )
    if invited and not client.was_invited:
        _invite(client, by)
    return party


@verb
def remove_party(party: Party, *, by: User) -> Party:
    """End a party's part in the dossier; its logins lose access from their next request."""
    _only(permissions.may_handle(by, party.dossier))
    if Party.objects.filter(pk=party.pk, removed_at=None).update(removed_at=timezone.now()):
        party.refresh_from_db()
        record(PARTY_REMOVED, party, by=by, dossier=party.dossier_id)
    return party


@verb
def grant(party: Party, *, by: User, membership: Membership) -> Grant:
    """Give a membership without `all_dossiers` access to the party's dossier.

    Raises PermissionDenied for a membership of another client.
    """
    _only(permissions.may_handle(by, party.dossier) and membership.client_id == party.client_id)
    row, is_new = Grant.objects.get_or_create(membership=membership, party=party)
    if is_new:
        record(
            ACCESS_GRANTED, party, by=by, dossier=party.dossier_id, membership=str(membership.pk)
        )
    return row


@verb
def change_status(
    dossier: Dossier, *, by: User, status: Status, was: Status | None = None
) -> Dossier:
    """Give the dossier another status.

    A status that is not in progress closes the dossier; one in progress reopens it. `was` is the
    status on the user's page: raises ValidationError when a colleague has changed it since.
    """
    _only(permissions.may_handle(by, dossier))
    dossier.refresh_from_db(
        fields=["status", "closed_at"], from_queryset=Dossier.objects.select_for_update()
    )
    if was and dossier.status_id not in (was.pk, status.pk):
        raise ValidationError(
            _(
                "Meanwhile %(name)s has changed the status to “%(status)s”. "
                "Look at the dossier and choose again."
            ),
            params={
                "name": _last_actor(STATUS_CHANGED, dossier),
                "status": str(dossier.status),
            },
        )
    if dossier.status_id != status.pk:
        dossier.status = status
        closed = status.group != Status.Group.IN_PROGRESS
        dossier.closed_at = (dossier.closed_at or timezone.now()) if closed else None
        dossier.save(update_fields=["status", "closed_at"])
        record(STATUS_CHANGED, dossier, by=by, dossier=dossier.pk, status=status.pk)
    return dossier


@verb
def set_appointment(dossier: Dossier, *, by: User, at: datetime | None) -> Dossier:
    """Set when the deed is signed; None removes the appointment."""
    _only(permissions.may_handle(by, dossier))
    dossier.refresh_from_db(
        fields=["appointment_at"], from_queryset=Dossier.objects.select_for_update()
    )
    if (old := dossier.appointment_at) != at:
        dossier.appointment_at = at
        dossier.save(update_fields=["appointment_at"])
        event = record(APPOINTMENT_SET, dossier, by=by, dossier=dossier.pk)
        Change.objects.add(event, dossier.vault, appointment_at=(old, at))
    return dossier


@verb
def advance(step: Step, *, by: User) -> Step:
    """Mark a step as done (manual 2.1.1.1)."""
    _only(permissions.may_handle(by, step.dossier))
    if Step.objects.filter(pk=step.pk, done_at=None).update(done_at=timezone.now()):
        step.refresh_from_db()
        record(STEP_ADVANCED, step, by=by, dossier=step.dossier_id)
    return step


@verb
def set_back(step: Step, *, by: User) -> Step:
    """Mark a step as not done."""
    _only(permissions.may_handle(by, step.dossier))
    if Step.objects.filter(pk=step.pk).exclude(done_at=None).update(done_at=None):
        step.refresh_from_db()
        record(STEP_SET_BACK, step, by=by, dossier=step.dossier_id)
    return step


def _invite(client: Client, by: User) -> None:
    try:
        invite_client(client, by=by)
    except ValidationError as error:
        raise ValidationError({"invite": error.messages}) from error


def _lock(dossier: Dossier) -> None:
    """Wait for a concurrent assignment, and read the handler that it left."""
    dossier.refresh_from_db(fields=["handler"], from_queryset=Dossier.objects.select_for_update())


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _last_actor(event_type: EventType, dossier: Dossier) -> str:
    """Return the short name of the latest actor of an event of this dossier."""
    event = (
        Event.objects.filter(dossier=dossier.pk, verb=event_type.name)
        .select_related("actor")
        .order_by("-seq")
        .first()
    )
    return event.actor.short_name if event and event.actor else _("a colleague")
