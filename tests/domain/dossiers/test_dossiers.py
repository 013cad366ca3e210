"""Visibility of dossiers, and the verbs that change them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from tests.people import Cast, open_dossier

from portaal.domain.clients.models import Membership
from portaal.domain.dossiers import permissions, verbs
from portaal.domain.dossiers.models import Access, Dossier, Grant, Party
from portaal.domain.identity.models import User
from portaal.domain.identity.verbs import block
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.office.verbs import add_status

SEES = {
    "marieke": {"purchase", "holding", "secret"},
    "joost": {"purchase", "holding"},
    "ina": set(),
    "sanne": {"purchase"},
    "emre": {"purchase", "secret"},
    "ties": set(),
    "olga": set(),
    "anker": {"holding"},
    "granted": {"holding"},
    "ungranted": set(),
}


def seen_by(cast: Cast, user: User) -> set[str]:
    names = {dossier.pk: name for name, dossier in cast.dossiers.items()}
    return {names[pk] for pk in Dossier.objects.visible_to(user).values_list("pk", flat=True)}


def test_each_user_sees_only_their_own_dossiers(cast: Cast) -> None:
    assert {name: seen_by(cast, user) for name, user in cast.users.items()} == SEES


WRITES = {
    "marieke": {"purchase", "holding", "secret"},
    "joost": {"purchase", "holding"},
    "ina": set(),
    "sanne": {"purchase"},
    "emre": {"purchase", "secret"},
    "ties": set(),
    "olga": set(),
    "anker": {"holding"},
    "granted": {"holding"},
    "ungranted": set(),
}


def writes_in(cast: Cast, user: User) -> set[str]:
    return {name for name, dossier in cast.dossiers.items() if permissions.may_write(user, dossier)}


def test_each_user_writes_only_in_their_own_dossiers(cast: Cast) -> None:
    assert {name: writes_in(cast, user) for name, user in cast.users.items()} == WRITES


@pytest.mark.parametrize("access", [Access.READ, Access.DOCUMENTS, Access.NONE])
def test_party_without_full_access_cannot_write(cast: Cast, access: str) -> None:
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=access)
    assert writes_in(cast, cast.users["sanne"]) == set()


def test_login_without_may_write_sees_dossier_but_cannot_write(cast: Cast) -> None:
    Membership.objects.filter(user=cast.users["granted"]).update(may_write=False)
    assert seen_by(cast, cast.users["granted"]) == {"holding"}
    assert writes_in(cast, cast.users["granted"]) == set()


def test_closed_dossier_accepts_no_messages(cast: Cast) -> None:
    dossier = cast.dossiers["purchase"]
    cast.dossiers["purchase"] = verbs.change_status(
        dossier, by=cast.users["marieke"], status=cast.closed
    )
    assert [writes_in(cast, cast.users[name]) for name in ("sanne", "joost")] == [
        set(),
        {"holding"},
    ]


def test_removed_party_loses_access(cast: Cast) -> None:
    verbs.remove_party(cast.parties["sanne"], by=cast.users["marieke"])
    assert seen_by(cast, cast.users["sanne"]) == set()


def test_blocked_login_sees_no_dossier(cast: Cast) -> None:
    block(cast.users["sanne"], by=cast.users["ina"])
    assert seen_by(cast, User.objects.get(pk=cast.users["sanne"].pk)) == set()


def test_login_with_ended_membership_sees_no_dossier(cast: Cast) -> None:
    Membership.objects.filter(user=cast.users["granted"]).update(ended_at=timezone.now())
    assert seen_by(cast, cast.users["granted"]) == set()


def test_party_without_access_sees_no_dossier(cast: Cast) -> None:
    party = verbs.admit(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        client=cast.clients["olga"],
        role="heir",
        access="none",
    )
    assert party.access == "none"
    assert seen_by(cast, cast.users["olga"]) == set()


def test_grant_gives_access_to_one_dossier(cast: Cast) -> None:
    extra = Membership.objects.get(user=cast.users["ungranted"])
    verbs.grant(cast.parties["anker"], by=cast.users["marieke"], membership=extra)
    assert seen_by(cast, cast.users["ungranted"]) == {"holding"}


def test_grant_to_login_of_another_client_is_refused(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        verbs.grant(
            cast.parties["anker"],
            by=cast.users["marieke"],
            membership=cast.users["olga"].memberships.get(),
        )


def restated(user: User) -> set[Any]:
    """Return the ids of the visible dossiers, by the rule restated in plain Python."""
    if "handler" in user.roles:
        return {
            dossier.pk
            for dossier in Dossier.objects.all()
            if not dossier.confidential or dossier.is_assigned_to(user)
        }
    seen = set()
    for party in Party.objects.all():
        for membership in Membership.objects.filter(user=user):
            granted = Grant.objects.filter(party=party, membership=membership).exists()
            if (
                not user.roles
                and user.deactivated_at is None
                and membership.ended_at is None
                and membership.client_id == party.client_id
                and party.removed_at is None
                and party.access != "none"
                and (membership.all_dossiers or granted)
            ):
                seen.add(party.dossier_id)
    return seen


CLIENTS, DOSSIERS = ["sanne", "emre", "olga", "anker"], ["purchase", "holding", "secret"]
LOGINS = [*CLIENTS, "granted", "ungranted", "ties"]


@examples(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    members=st.dictionaries(
        st.tuples(st.sampled_from(LOGINS), st.sampled_from(CLIENTS)),
        st.tuples(st.booleans(), st.booleans()),
        max_size=10,
    ),
    parties=st.dictionaries(
        st.tuples(st.sampled_from(DOSSIERS), st.sampled_from(CLIENTS)),
        st.tuples(st.sampled_from(["none", "documents", "full", "reader"]), st.booleans()),
        max_size=8,
    ),
    granted=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 7)), max_size=12),
    blocked=st.sets(st.sampled_from(LOGINS), max_size=2),
)
def test_visible_dossiers_follow_the_rule_for_random_memberships(
    cast: Cast,
    members: dict[Any, Any],
    parties: dict[Any, Any],
    granted: set[tuple[int, int]],
    blocked: set[str],
) -> None:
    now = timezone.now()
    with transaction.atomic():
        Grant.objects.all().delete()
        Party.objects.update(removed_at=now)
        Membership.objects.update(ended_at=now)
        for (login, client), (all_dossiers, ended) in members.items():
            Membership.objects.update_or_create(
                user=cast.users[login],
                client=cast.clients[client],
                defaults={"all_dossiers": all_dossiers, "ended_at": now if ended else None},
            )
        for (dossier, client), (access, removed) in parties.items():
            Party.objects.create(
                dossier=cast.dossiers[dossier],
                client=cast.clients[client],
                role="heir",
                access=access,
                removed_at=now if removed else None,
            )
        memberships = list(Membership.objects.order_by("pk"))
        created = list(Party.objects.order_by("-admitted_at", "pk")[: len(parties)])
        for member, party in granted:
            if party < len(created):
                Grant.objects.get_or_create(
                    membership=memberships[member % len(memberships)], party=created[party]
                )
        User.objects.filter(pk__in=[cast.users[name].pk for name in blocked]).update(
            deactivated_at=now
        )
        for user in User.objects.all():
            assert set(Dossier.objects.visible_to(user).values_list("pk", flat=True)) == restated(
                user
            )
        transaction.set_rollback(True)


def test_dossier_with_existing_number_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        open_dossier(cast, cast.users["joost"], " 2026.1 ")
    assert list(refused.value.message_dict) == ["number"]


def test_new_dossier_has_steps_of_its_type_and_its_own_vault(cast: Cast) -> None:
    dossier = open_dossier(cast, cast.users["marieke"], "2026.9")
    assert [step.name_nl for step in dossier.steps.all()] == ["Een", "Twee"]
    assert Dossier.objects.filter(vault=dossier.vault).count() == 1


def test_client_is_added_twice_only_after_release(cast: Cast) -> None:
    by, dossier, client = cast.users["marieke"], cast.dossiers["purchase"], cast.clients["sanne"]
    with pytest.raises(ValidationError, match="is a party in this dossier already"):
        verbs.admit(dossier, by=by, client=client, role="seller")
    verbs.remove_party(cast.parties["sanne"], by=by)
    assert verbs.admit(dossier, by=by, client=client, role="seller").removed_at is None


def test_cancelled_dossier_is_closed_with_its_own_kind(cast: Cast) -> None:
    cancelled = add_status(by=SYSTEM, name_nl="Vervallen", name_en="Cancelled", group="cancelled")
    dossier = verbs.change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cancelled
    )
    assert dossier.closed_at and not Dossier.objects.in_progress().filter(pk=dossier.pk)
    assert cast.in_progress.kind == ""
    assert cast.closed.kind == "ok"
    assert cancelled.kind == "off"


def test_status_closes_and_reopens_dossier(cast: Cast) -> None:
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    verbs.change_status(dossier, by=by, status=cast.closed)
    closed_at = Dossier.objects.get(pk=dossier.pk).closed_at
    verbs.change_status(dossier, by=by, status=cast.in_progress)
    assert closed_at is not None
    assert Dossier.objects.get(pk=dossier.pk).closed_at is None


def test_same_status_again_records_no_event(cast: Cast) -> None:
    before = Event.objects.count()
    verbs.change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.in_progress
    )
    assert Event.objects.count() == before


def test_second_handler_is_told_of_status_change_and_may_choose_again(cast: Cast) -> None:
    dossier, marieke, joost = cast.dossiers["purchase"], cast.users["marieke"], cast.users["joost"]
    waiting = add_status(by=SYSTEM, name_nl="Wacht", name_en="Waiting", group="in_progress")
    verbs.change_status(dossier, by=joost, status=cast.closed, was=cast.in_progress)
    with pytest.raises(ValidationError, match="Meanwhile Joost has changed the status to “Closed”"):
        verbs.change_status(dossier, by=marieke, status=waiting, was=cast.in_progress)
    assert (
        verbs.change_status(dossier, by=marieke, status=cast.closed, was=cast.in_progress).status
        == cast.closed
    )
    assert (
        verbs.change_status(dossier, by=marieke, status=waiting, was=cast.closed).status == waiting
    )


def test_progress_counts_finished_steps(cast: Cast) -> None:
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    step = dossier.steps.first()
    progress = [str(dossier.progress)]
    for act in (verbs.advance, verbs.advance, verbs.set_back, verbs.set_back):
        act(step, by=by)
        progress.append(str(Dossier.objects.get(pk=dossier.pk).progress))
    assert progress == ["(0/2)", "(1/2)", "(1/2)", "(0/2)", "(0/2)"]


def test_search_requires_every_word(cast: Cast) -> None:
    counts = [
        Dossier.objects.matching(text).count()
        for text in ("2026", "dossier 2026.1", "2026.1 2026.2", "%", "")
    ]
    assert counts == [3, 1, 0, 0, 3]


@pytest.mark.parametrize("name", ["joost", "ina", "emre", "sanne"])
def test_user_without_dossier_cannot_change_it(cast: Cast, name: str) -> None:
    by, dossier, party = cast.users[name], cast.dossiers["secret"], cast.parties["secret"]
    for act in (
        lambda: verbs.admit(dossier, by=by, client=cast.clients["olga"], role="heir"),
        lambda: verbs.remove_party(party, by=by),
        lambda: verbs.grant(party, by=by, membership=cast.users["emre"].memberships.get()),
        lambda: verbs.change_status(dossier, by=by, status=cast.closed),
        lambda: verbs.advance(dossier.steps.first(), by=by),
        lambda: verbs.set_back(dossier.steps.first(), by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("name", ["ina", "sanne"])
def test_user_who_is_no_handler_cannot_open_dossier(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        open_dossier(cast, cast.users[name], "2026.9")


@pytest.mark.parametrize("change", [{"access": Access.NONE}, {"removed_at": timezone.now()}])
def test_party_that_sees_nothing_gets_no_mail(cast: Cast, change: dict[str, Any]) -> None:
    sanne = Party.objects.filter(pk=cast.parties["sanne"].pk)
    assert sanne.informed().exists()
    sanne.update(**change)
    assert not sanne.informed().exists()


def test_staff_without_the_right_is_not_made_handler_of_a_new_dossier(cast: Cast) -> None:
    with pytest.raises(ValidationError) as error:
        verbs.open_dossier(
            by=cast.users["marieke"],
            number="2026.9",
            description="Levering",
            type=cast.type,
            status=cast.in_progress,
            handler=cast.users["ina"],
        )
    assert list(error.value.message_dict) == ["handler"]
