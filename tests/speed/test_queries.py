"""Prepared queries: the same rows as a new queryset, read from the database each time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import Count, QuerySet
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.people import Cast
from tests.queries import statements
from tests.snapshot import restore_cast

from portaal.domain.clients.models import Membership
from portaal.domain.dossiers.models import Dossier, Grant, Party, Step, VisibleDossiers
from portaal.domain.identity.models import User
from portaal.speed.guard import is_plain
from portaal.speed.queries import counted, prepared

# Plain Django has no statement of its own, and so no limits on what a query depends on.
when_prepared = pytest.mark.skipif(is_plain(), reason="about the statements of prepared queries")


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


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
    keys = Dossier.objects.filter(pk=dossier).values_list("pk", flat=True)
    return keys[:number] if wanted else keys[number:]


def test_every_login_gets_the_dossiers_that_it_sees(cast: Cast):
    for user in [*cast.users.values()] * 2:  # the second time with a compiled statement
        assert _mine(user) == list(Dossier.objects.visible_to(user))


def test_rows_have_their_related_objects(cast: Cast):
    for _ in range(2):
        dossiers = _mine(cast.users["emre"])
        with CaptureQueriesContext(connection) as captured:
            assert [dossier.status.name_nl for dossier in dossiers] != []
        assert len(captured) == 0


def test_change_of_access_has_effect_at_once(cast: Cast):
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


@prepared
def _dossier(user: User, pk: UUID) -> VisibleDossiers:
    return Dossier.objects.visible_to(user).filter(pk=pk)


def test_get_or_404_returns_the_row_of_its_reader(cast: Cast):
    dossier = cast.dossiers["purchase"]
    assert _dossier.get_or_404(cast.users["emre"], dossier.pk) == dossier


def test_get_or_404_of_a_stranger_is_404(cast: Cast):
    for pk in (cast.dossiers["purchase"].pk, uuid4()):
        with pytest.raises(Http404):
            _dossier.get_or_404(cast.users["olga"], pk)


def test_first_is_none_without_rows(cast: Cast):
    dossier = cast.dossiers["purchase"]
    assert _dossier.first(cast.users["emre"], dossier.pk) == dossier
    assert _dossier.first(cast.users["olga"], dossier.pk) is None


def test_length_of_a_list_and_an_integer_are_part_of_the_shape(cast: Cast):
    marieke = cast.users["marieke"]
    keys = [dossier.pk for dossier in Dossier.objects.visible_to(marieke)]
    assert len(keys) > 1
    for some in (keys, keys[:1], keys[1:], [uuid4()], keys):
        assert sorted(_among(marieke, some, 0)) == sorted(set(some) & set(keys))
    assert len(_among(marieke, keys, 1)) == len(keys) - 1


def test_union_of_two_rooms_is_one_statement(cast: Cast):
    for name in ("emre", "marieke", "sanne", "emre"):
        dossiers = Dossier.objects.visible_to(cast.users[name])
        wanted = set(dossiers.order_by().values_list("status__group").annotate(Count("pk")))
        wanted |= set(Step.objects.filter(dossier__in=dossiers).values_list("name_nl", "position"))
        with CaptureQueriesContext(connection) as captured:
            assert set(_numbers(cast.users[name])) == wanted
        assert len(captured) == 1


def test_true_and_one_are_different_shapes(cast: Cast):
    dossier = cast.dossiers["purchase"].pk
    assert _page(dossier, True, 1) == [dossier]
    assert _page(dossier, False, 1) == []
    assert _page(dossier, False, 0) == [dossier]
    assert _page(dossier, True, 0) == []


def test_text_is_a_value_and_never_sql(cast: Cast):
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


def test_constant_of_a_query_is_quoted(cast: Cast):
    step = Step.objects.all()[0]
    for _ in range(2):
        assert _odd(step.dossier_id) == []
    Step.objects.filter(pk=step.pk).update(name_nl=ODD)
    assert _odd(step.dossier_id) == [step]


@when_prepared
@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL has these plans")
def test_postgresql_plans_a_statement_once(cast: Cast):
    for _ in range(3):
        _mine(cast.users["emre"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements "
            "WHERE statement LIKE '%dossiers_dossier%'"
        )
        assert cursor.fetchall() == [(3, 0)]


def test_query_that_matches_no_row_is_not_run(cast: Cast):
    with CaptureQueriesContext(connection) as captured:
        for _ in range(2):
            assert _mine(cast.users["ina"]) == []
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


@when_prepared
def test_query_on_another_column_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="something else"):
        _looks_further(cast.users["emre"])


@when_prepared
def test_query_that_ignores_an_argument_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="everything"):
        _forgets(cast.users["emre"], uuid4())


@when_prepared
def test_argument_of_another_type_is_refused(cast: Cast):
    with pytest.raises(TypeError, match="datetime"):
        _since(timezone.now())


@prepared
def _number(user: User) -> QuerySet[Dossier, int]:
    return counted(Dossier.objects.visible_to(user))


def test_number_of_rows_is_one_statement(cast: Cast):
    marieke = cast.users["marieke"]
    wanted = Dossier.objects.visible_to(marieke).count()
    with statements() as captured:
        assert _number.first(marieke) == wanted > 0
    assert len(captured) == 1
    assert "GROUP BY" not in captured[0][0]


def test_number_of_no_rows_is_zero_or_none(cast: Cast):
    stranger = User(role_names="")
    assert _number.first(stranger) == 0
    assert _number.first(cast.users["ina"]) is None  # a query that matches nothing is not run
