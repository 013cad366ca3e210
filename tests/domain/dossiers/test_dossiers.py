"""Who sees which dossier, and what can happen to one."""

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

from portaal.domain.accounts.models import Membership, User
from portaal.domain.accounts.verbs import block
from portaal.domain.dossiers import permissions, verbs
from portaal.domain.dossiers.models import Dossier, Grant, Party
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


def test_everyone_sees_their_own_dossiers_and_no_other(cast: Cast) -> None:
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


def test_everyone_writes_in_their_own_dossiers_and_in_no_other(cast: Cast) -> None:
    assert {name: writes_in(cast, user) for name, user in cast.users.items()} == WRITES


@pytest.mark.parametrize("access", [Party.Access.READER, Party.Access.DOCUMENTS, Party.Access.NONE])
def test_a_party_without_full_access_does_not_write(cast: Cast, access: str) -> None:
    Party.objects.filter(pk=cast.parties["sanne"].pk).update(access=access)
    assert writes_in(cast, cast.users["sanne"]) == set()


def test_a_login_that_only_looks_does_not_write(cast: Cast) -> None:
    Membership.objects.filter(user=cast.users["granted"]).update(may_write=False)
    assert seen_by(cast, cast.users["granted"]) == {"holding"}
    assert writes_in(cast, cast.users["granted"]) == set()


def test_nobody_writes_in_a_closed_dossier(cast: Cast) -> None:
    dossier = cast.dossiers["purchase"]
    cast.dossiers["purchase"] = verbs.change_status(
        dossier, by=cast.users["marieke"], status=cast.closed
    )
    assert [writes_in(cast, cast.users[name]) for name in ("sanne", "joost")] == [
        set(),
        {"holding"},
    ]


def test_a_released_party_sees_nothing_from_then_on(cast: Cast) -> None:
    verbs.release(cast.parties["sanne"], by=cast.users["marieke"])
    assert seen_by(cast, cast.users["sanne"]) == set()


def test_a_blocked_login_sees_nothing(cast: Cast) -> None:
    block(cast.users["sanne"], by=cast.users["ina"])
    assert seen_by(cast, User.objects.get(pk=cast.users["sanne"].pk)) == set()


def test_a_login_whose_membership_ended_sees_nothing(cast: Cast) -> None:
    Membership.objects.filter(user=cast.users["granted"]).update(ended_at=timezone.now())
    assert seen_by(cast, cast.users["granted"]) == set()


def test_a_party_without_access_sees_nothing(cast: Cast) -> None:
    party = verbs.admit(
        cast.dossiers["purchase"],
        by=cast.users["marieke"],
        client=cast.clients["olga"],
        role="heir",
        access="none",
    )
    assert (party.access, seen_by(cast, cast.users["olga"])) == ("none", set())


def test_a_grant_shows_one_dossier(cast: Cast) -> None:
    extra = Membership.objects.get(user=cast.users["ungranted"])
    verbs.grant(cast.parties["anker"], by=cast.users["marieke"], membership=extra)
    assert seen_by(cast, cast.users["ungranted"]) == {"holding"}


def test_a_grant_to_a_login_of_another_client_is_refused(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        verbs.grant(
            cast.parties["anker"],
            by=cast.users["marieke"],
            membership=cast.users["olga"].memberships.get(),
        )


def restated(user: User) -> set[Any]:
    """The rule once more, in plain Python."""
    if user.role == "handler":
        return {
            one.pk
            for one in Dossier.objects.all()
            if not one.confidential or one.handler_id == user.pk
        }
    seen = set()
    for party in Party.objects.all():
        for membership in Membership.objects.filter(user=user):
            granted = Grant.objects.filter(party=party, membership=membership).exists()
            if (
                user.role == ""
                and user.deactivated_at is None
                and membership.ended_at is None
                and membership.client_id == party.client_id
                and party.released_at is None
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
def test_who_sees_what_follows_the_rule_whoever_comes_for_whom(
    cast: Cast,
    members: dict[Any, Any],
    parties: dict[Any, Any],
    granted: set[tuple[int, int]],
    blocked: set[str],
) -> None:
    now = timezone.now()
    with transaction.atomic():
        Grant.objects.all().delete()
        Party.objects.update(released_at=now)
        Membership.objects.update(ended_at=now)
        for (login, client), (all_dossiers, ended) in members.items():
            Membership.objects.update_or_create(
                user=cast.users[login],
                client=cast.clients[client],
                defaults={"all_dossiers": all_dossiers, "ended_at": now if ended else None},
            )
        for (dossier, client), (access, released) in parties.items():
            Party.objects.create(
                dossier=cast.dossiers[dossier],
                client=cast.clients[client],
                role="heir",
                access=access,
                released_at=now if released else None,
            )
        memberships = list(Membership.objects.order_by("pk"))
        made = list(Party.objects.order_by("-admitted_at", "pk")[: len(parties)])
        for one, other in granted:
            if other < len(made):
                Grant.objects.get_or_create(
                    membership=memberships[one % len(memberships)], party=made[other]
                )
        User.objects.filter(pk__in=[cast.users[name].pk for name in blocked]).update(
            deactivated_at=now
        )
        for user in User.objects.all():
            assert set(Dossier.objects.visible_to(user).values_list("pk", flat=True)) == restated(
                user
            )
        transaction.set_rollback(True)


def test_a_number_that_exists_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        open_dossier(cast, cast.users["joost"], " 2026.1 ")
    assert list(refused.value.message_dict) == ["number"]


def test_a_new_dossier_has_the_steps_of_its_type_and_a_vault_of_its_own(cast: Cast) -> None:
    dossier = open_dossier(cast, cast.users["marieke"], "2026.9")
    assert [step.name_nl for step in dossier.steps.all()] == ["Een", "Twee"]
    assert Dossier.objects.filter(vault=dossier.vault).count() == 1


def test_a_client_is_a_party_once_at_a_time(cast: Cast) -> None:
    by, dossier, client = cast.users["marieke"], cast.dossiers["purchase"], cast.clients["sanne"]
    with pytest.raises(ValidationError, match="is a party in this dossier already"):
        verbs.admit(dossier, by=by, client=client, role="seller")
    verbs.release(cast.parties["sanne"], by=by)
    assert verbs.admit(dossier, by=by, client=client, role="seller").released_at is None


def test_a_cancelled_dossier_is_closed_and_not_marked_as_done(cast: Cast) -> None:
    cancelled = add_status(by=SYSTEM, name_nl="Vervallen", name_en="Cancelled", group="cancelled")
    dossier = verbs.change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cancelled
    )
    assert dossier.closed_at and not Dossier.objects.in_progress().filter(pk=dossier.pk)
    assert (cast.in_progress.kind, cast.closed.kind, cancelled.kind) == ("", "ok", "off")


def test_a_closed_status_closes_and_one_in_progress_opens_again(cast: Cast) -> None:
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    verbs.change_status(dossier, by=by, status=cast.closed)
    closed_at = Dossier.objects.get(pk=dossier.pk).closed_at
    verbs.change_status(dossier, by=by, status=cast.in_progress)
    assert (closed_at is not None, Dossier.objects.get(pk=dossier.pk).closed_at) == (True, None)


def test_the_same_status_again_records_nothing(cast: Cast) -> None:
    before = Event.objects.count()
    verbs.change_status(
        cast.dossiers["purchase"], by=cast.users["marieke"], status=cast.in_progress
    )
    assert Event.objects.count() == before


def test_the_later_of_two_sees_what_the_other_did_and_chooses(cast: Cast) -> None:
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


def test_progress_counts_the_steps_done(cast: Cast) -> None:
    dossier, by = cast.dossiers["purchase"], cast.users["marieke"]
    step = dossier.steps.first()
    said = [str(dossier.progress)]
    for act in (verbs.advance, verbs.advance, verbs.set_back, verbs.set_back):
        act(step, by=by)
        said.append(str(Dossier.objects.get(pk=dossier.pk).progress))
    assert said == ["(0/2)", "(1/2)", "(1/2)", "(0/2)", "(0/2)"]


def test_every_word_of_a_search_must_be_found(cast: Cast) -> None:
    found = [
        Dossier.objects.matching(words).count()
        for words in ("2026", "dossier 2026.1", "2026.1 2026.2", "%", "")
    ]
    assert found == [3, 1, 0, 0, 3]


@pytest.mark.parametrize("name", ["joost", "ina", "emre", "sanne"])
def test_who_does_not_handle_a_dossier_changes_nothing_in_it(cast: Cast, name: str) -> None:
    by, dossier, party = cast.users[name], cast.dossiers["secret"], cast.parties["secret"]
    for act in (
        lambda: verbs.admit(dossier, by=by, client=cast.clients["olga"], role="heir"),
        lambda: verbs.release(party, by=by),
        lambda: verbs.grant(party, by=by, membership=cast.users["emre"].memberships.get()),
        lambda: verbs.change_status(dossier, by=by, status=cast.closed),
        lambda: verbs.advance(dossier.steps.first(), by=by),
        lambda: verbs.set_back(dossier.steps.first(), by=by),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("name", ["ina", "sanne"])
def test_only_a_handler_opens_a_dossier(cast: Cast, name: str) -> None:
    with pytest.raises(PermissionDenied):
        open_dossier(cast, cast.users[name], "2026.9")
