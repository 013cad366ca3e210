"""A prepared query finds what the same query finds when it is built anew, and asks each time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.again import cast_again
from tests.people import Cast

from portaal.domain.accounts.models import Membership, User
from portaal.domain.dossiers.models import Dossier, Grant, Party, Step
from portaal.gateways.prepared import prepared


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_again()


@prepared
def _mine(user: User) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(user).select_related("status")


@prepared
def _among(user: User, keys: list[UUID], first: int) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)[first:]


@prepared
def _steps(dossier: UUID, name: str) -> QuerySet[Step]:
    return (
        Step.objects.filter(dossier=dossier, name_nl=name)
        .order_by()
        .values_list("dossier")
        .annotate(Count("pk"))
    )


@prepared
def _numbers(user: User) -> QuerySet[Dossier]:
    mine = (
        Dossier.objects.visible_to(user)
        .order_by()
        .values_list("status__group")
        .annotate(Count("pk"))
    )
    return mine.union(
        Step.objects.filter(dossier__in=Dossier.objects.visible_to(user))
        .order_by()
        .values_list("name_nl", "position")
    )


@prepared
def _page(dossier: UUID, wanted: bool, number: int) -> QuerySet[Dossier]:
    found = Dossier.objects.filter(pk=dossier).values_list("pk", flat=True)
    return found[:number] if wanted else found[number:]


def test_everyone_finds_what_they_see(cast: Cast):
    for user in (
        *cast.users.values(),
        *cast.users.values(),
    ):  # each one's shape is known the second time
        assert _mine(user) == list(Dossier.objects.visible_to(user))


def test_rows_are_whole(cast: Cast):
    for _ in range(2):
        found = _mine(cast.users["emre"])
        with CaptureQueriesContext(connection) as captured:
            assert [dossier.status.name_nl for dossier in found] != []
        assert len(captured) == 0


def test_what_changes_is_seen_at_once(cast: Cast):
    emre = cast.users["emre"]
    assert _mine(emre) != []
    Membership.objects.filter(user=emre).update(ended_at=timezone.now())
    assert _mine(emre) == []
    Membership.objects.filter(user=emre).update(ended_at=None, all_dossiers=False)
    assert _mine(emre) == []
    party = Party.objects.filter(client__memberships__user=emre)[0]
    Grant.objects.create(membership=emre.memberships.get(client=party.client), party=party)
    assert _mine(emre) == [party.dossier]
    User.objects.filter(pk=emre.pk).update(deactivated_at=timezone.now())
    assert _mine(emre) == []


def test_lists_and_numbers_are_part_of_the_shape(cast: Cast):
    marieke = cast.users["marieke"]
    keys = [dossier.pk for dossier in Dossier.objects.visible_to(marieke)]
    assert len(keys) > 1
    for some in (keys, keys[:1], keys[1:], [uuid4()], keys):
        assert sorted(_among(marieke, some, 0)) == sorted(set(some) & set(keys))
    assert len(_among(marieke, keys, 1)) == len(keys) - 1


def test_what_two_rooms_keep_comes_in_one_statement(cast: Cast):
    for name in ("emre", "marieke", "sanne", "emre"):
        found = Dossier.objects.visible_to(cast.users[name])
        wanted = set(found.order_by().values_list("status__group").annotate(Count("pk")))
        wanted |= set(Step.objects.filter(dossier__in=found).values_list("name_nl", "position"))
        with CaptureQueriesContext(connection) as captured:
            assert set(_numbers(cast.users[name])) == wanted
        assert len(captured) == 1


def test_yes_is_not_one(cast: Cast):
    dossier = cast.dossiers["purchase"].pk
    assert [
        _page(dossier, True, 1),
        _page(dossier, False, 1),
        _page(dossier, False, 0),
        _page(dossier, True, 0),
    ] == [
        [dossier],
        [],
        [dossier],
        [],
    ]


def test_a_text_is_a_value_and_never_sql(cast: Cast):
    step = Step.objects.all()[0]
    for name in (step.name_nl, "' OR 1=1 --", '"%s"', ""):
        wanted = Step.objects.filter(dossier=step.dossier_id, name_nl=name).count()
        assert [number for _dossier, number in _steps(step.dossier_id, name)] == (
            [wanted] if wanted else []
        )


ODD = '100 %s of 5% or %%, it\'s "so"'


@prepared
def _odd(dossier: UUID) -> QuerySet[Step]:
    return Step.objects.filter(dossier=dossier, name_nl=ODD)


def test_what_a_query_always_looks_for_is_taken_as_it_is_written(cast: Cast):
    step = Step.objects.all()[0]
    for _ in range(2):
        assert _odd(step.dossier_id) == []
    Step.objects.filter(pk=step.pk).update(name_nl=ODD)
    assert _odd(step.dossier_id) == [step]


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite keeps what it compiled by itself"
)
def test_postgresql_plans_once(cast: Cast):
    for _ in range(3):
        _mine(cast.users["emre"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%dossiers_dossier%'"
        )
        assert cursor.fetchall() == [(3, 0)]


def test_what_can_find_nothing_asks_nothing(cast: Cast):
    with CaptureQueriesContext(connection) as captured:
        assert (_mine(cast.users["ina"]), _mine(cast.users["ina"])) == ([], [])
    assert len(captured) == 0


@prepared
def _looks_further(user: User) -> QuerySet[Dossier]:
    return Dossier.objects.filter(handler__language=user.language)


@prepared
def _forgets(user: User, dossier: UUID) -> QuerySet[Dossier]:
    return Dossier.objects.visible_to(user)


@prepared
def _since(moment: datetime) -> QuerySet[Dossier]:
    return Dossier.objects.filter(opened_at__gt=moment)


def test_a_query_that_looks_at_more_than_it_is_given_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="something else"):
        _looks_further(cast.users["emre"])


def test_a_query_that_forgets_what_it_is_given_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="everything"):
        _forgets(cast.users["emre"], uuid4())


def test_what_cannot_be_prepared_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="datetime"):
        _since(timezone.now())
