"""Staff assigned to a dossier: one handler, deputies and secretaries."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from tests.people import Cast, write_messages

from portaal.domain.dossiers import permissions
from portaal.domain.dossiers.models import Assignment, Dossier
from portaal.domain.dossiers.verbs import assign, unassign
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import add_staff
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Message


@pytest.fixture
def secret(cast: Cast) -> Dossier:
    return cast.dossiers["secret"]


@pytest.fixture
def secretary(cast: Cast) -> User:
    email = "secretaris@kantoor.example.nl"
    return add_staff(by=SYSTEM, roles=["secretary"], email=email, surname="Secretaris")


def sees(user: User, dossier: Dossier) -> bool:
    return Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists()


def assigned(dossier: Dossier) -> dict[User, str]:
    return {row.user: row.kind for row in dossier.assignments.select_related("user")}


def test_opened_dossier_is_assigned_to_its_handler(cast: Cast, secret: Dossier) -> None:
    assert assigned(secret) == {cast.users["marieke"]: "handler"}


@pytest.mark.parametrize("kind", ["deputy", "secretary"])
def test_assigned_colleague_sees_and_works_in_confidential_dossier(
    cast: Cast, secret: Dossier, kind: str
) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    assign(secret, by=marieke, user=joost, kind=kind)
    assert sees(joost, secret)
    assert permissions.may_handle(joost, secret)
    assert secret.handler == marieke
    unassign(secret, by=marieke, user=joost)
    assert not sees(joost, secret)
    assert not permissions.may_handle(joost, secret)


def test_ended_assignment_leaves_those_of_others(cast: Cast, secret: Dossier) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    assign(secret, by=marieke, user=joost, kind="deputy")
    unassign(secret, by=marieke, user=joost)
    assert assigned(secret) == {marieke: "handler"}


def test_assigned_secretary_sees_confidential_dossier_and_releases_no_files(
    cast: Cast, secret: Dossier, secretary: User
) -> None:
    assert not sees(secretary, secret)
    assign(secret, by=cast.users["marieke"], user=secretary, kind="secretary")
    assert sees(secretary, secret)
    assert permissions.may_handle(secretary, secret)
    assert not permissions.may_release_files(secretary, secret)


def test_assigned_colleague_without_role_for_dossiers_sees_none(
    cast: Cast, secret: Dossier
) -> None:
    joost = cast.users["joost"]
    assign(secret, by=cast.users["marieke"], user=joost, kind="deputy")
    joost.roles = frozenset({"administrator"})
    assert not sees(joost, secret)
    assert not permissions.may_handle(joost, secret)


def test_new_handler_takes_the_place_of_the_old_one(cast: Cast, secret: Dossier) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    assign(secret, by=marieke, user=joost, kind="deputy")
    assign(secret, by=marieke, user=joost, kind="handler")
    assert Dossier.objects.get(pk=secret.pk).handler == joost
    assert assigned(secret) == {joost: "handler"}
    assert not sees(marieke, secret)


def test_pending_messages_move_to_the_new_handler(cast: Cast) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    write_messages(cast)
    purchase = cast.dossiers["purchase"]
    assert Message.objects.pending_for(marieke).count() == 1
    assign(purchase, by=marieke, user=joost, kind="handler")
    assert Message.objects.pending_for(marieke).count() == 0
    assert Message.objects.pending_for(joost).count() == 1


def test_dossier_keeps_a_handler(cast: Cast, secret: Dossier) -> None:
    marieke = cast.users["marieke"]
    with pytest.raises(ValidationError):
        unassign(secret, by=marieke, user=marieke)
    with pytest.raises(ValidationError):
        assign(secret, by=marieke, user=marieke, kind="deputy")
    assert assigned(secret) == {marieke: "handler"}


@pytest.mark.parametrize("kind", ["handler", "deputy"])
def test_secretary_is_neither_handler_nor_deputy(
    cast: Cast, secret: Dossier, secretary: User, kind: str
) -> None:
    with pytest.raises(ValidationError):
        assign(secret, by=cast.users["marieke"], user=secretary, kind=kind)


@pytest.mark.parametrize(("name", "kind"), [("sanne", "deputy"), ("ina", "secretary")])
def test_client_and_staff_without_dossiers_are_not_assigned(
    cast: Cast, secret: Dossier, name: str, kind: str
) -> None:
    with pytest.raises(ValidationError):
        assign(secret, by=cast.users["marieke"], user=cast.users[name], kind=kind)


def test_unknown_kind_is_refused(cast: Cast, secret: Dossier) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    with pytest.raises(ValidationError):
        assign(secret, by=marieke, user=joost, kind="boss")


@pytest.mark.parametrize("name", ["joost", "ina", "emre"])
def test_nobody_is_assigned_by_who_does_not_work_in_the_dossier(
    cast: Cast, secret: Dossier, name: str
) -> None:
    by = cast.users[name]
    with pytest.raises(PermissionDenied):
        assign(secret, by=by, user=cast.users["joost"], kind="deputy")
    with pytest.raises(PermissionDenied):
        unassign(secret, by=by, user=cast.users["joost"])


def test_assignments_are_events_and_repeats_are_not(cast: Cast, secret: Dossier) -> None:
    marieke, joost = cast.users["marieke"], cast.users["joost"]
    before = Event.objects.latest("seq").seq
    for _ in range(2):
        assign(secret, by=marieke, user=joost, kind="deputy")
    for _ in range(2):
        unassign(secret, by=marieke, user=joost)
    events = Event.objects.filter(seq__gt=before).order_by("seq")
    assert [(event.verb, event.object_id) for event in events] == [
        ("dossiers.assign", str(joost.pk)),
        ("dossiers.unassign", str(joost.pk)),
    ]
    assert events[0].details == {"kind": "deputy"}


def test_database_holds_one_handler_for_a_dossier(cast: Cast, secret: Dossier) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(dossier=secret, user=cast.users["joost"], kind="handler")
