"""Roles of staff: each gives some rights, the rights of several roles add up."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.people import Cast

from portaal.domain.clients import permissions as clients
from portaal.domain.clients.models import Client
from portaal.domain.documents import permissions as documents
from portaal.domain.dossiers import permissions as dossiers
from portaal.domain.dossiers.models import Dossier
from portaal.domain.identity import permissions as identity
from portaal.domain.identity import verbs
from portaal.domain.identity.models import User
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.roles import RIGHTS, Right, Role
from portaal.domain.office import permissions as office


def add(*roles: str) -> User:
    email = f"{'-'.join(roles)}@kantoor.example.nl"
    return verbs.add_staff(by=SYSTEM, roles=roles, email=email, surname="Nieuw")


def rights_of(user: User, cast: Cast) -> set[str]:
    """Return what the permissions allow this login."""
    sanne, purchase = cast.users["sanne"], cast.dossiers["purchase"]
    allowed = {
        "open a dossier": dossiers.may_open(user),
        "work in a dossier": dossiers.may_handle(user, purchase),
        "be a handler": dossiers.may_be_handler(user),
        "release a file": documents.may_release(user, cast.publications["sanne"]),
        "add clients": clients.may_manage_clients(user),
        "block logins": identity.may_block_login(user, sanne),
        "set up the office": office.may_set_up(user),
        "add staff": identity.may_manage_staff(user),
        "see dossiers": Dossier.objects.visible_to(user).exists(),
        "see a confidential dossier": Dossier.objects.visible_to(user)
        .filter(confidential=True)
        .exists(),
        "see clients": Client.objects.visible_to(user).exists(),
    }
    return {name for name, is_allowed in allowed.items() if is_allowed}


ALLOWED = {
    Role.HANDLER: {
        "open a dossier",
        "work in a dossier",
        "be a handler",
        "release a file",
        "add clients",
        "see dossiers",
        "see clients",
    },
    Role.SECRETARY: {
        "open a dossier",
        "work in a dossier",
        "add clients",
        "see dossiers",
        "see clients",
    },
    Role.ACCOUNT_MANAGER: {"add clients", "block logins", "see clients"},
    Role.ADMINISTRATOR: {"set up the office", "add staff"},
    Role.AUDITOR: set(),
}


@pytest.mark.parametrize("role", Role)
def test_role_alone_allows_what_is_listed(cast: Cast, role: Role) -> None:
    assert rights_of(add(role), cast) == ALLOWED[role]


@pytest.mark.parametrize(
    "roles", [(Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER), (Role.SECRETARY, Role.AUDITOR)]
)
def test_rights_of_several_roles_add_up(cast: Cast, roles: Iterable[Role]) -> None:
    assert rights_of(add(*roles), cast) == set().union(*(ALLOWED[role] for role in roles))


def test_blocked_login_of_the_office_is_allowed_nothing(cast: Cast) -> None:
    user = add(*Role.values)
    user.deactivated_at = timezone.now()
    seen = {"see dossiers", "see clients"}  # a blocked login has no session
    assert rights_of(user, cast) - seen == set()


@pytest.mark.parametrize(
    ("right", "roles"),
    [
        (Right.READ_SENSITIVE_ANSWERS, {Role.HANDLER}),
        (Right.READ_JOURNAL, {Role.AUDITOR}),
    ],
)
def test_right_without_a_page_yet_belongs_to_one_role(right: Right, roles: set[Role]) -> None:
    assert {role for role in Role if right in RIGHTS[role]} == roles


def test_auditor_alone_has_the_journal_alone() -> None:
    assert RIGHTS[Role.AUDITOR] == {Right.READ_JOURNAL}


def test_logins_are_found_by_right(cast: Cast) -> None:
    both = add(Role.HANDLER, Role.AUDITOR)
    add(Role.SECRETARY)
    blocked = add(Role.HANDLER)
    User.objects.filter(pk=blocked.pk).update(deactivated_at=timezone.now())
    found = set(User.objects.with_right(Right.HANDLE_DOSSIERS))
    assert found == {cast.users["marieke"], cast.users["joost"], both}


def test_name_of_a_role_contains_no_other_name() -> None:
    """The lookup by right searches the names of the roles in one text."""
    overlaps = [(one, two) for one in Role for two in Role if one != two and one in two]
    assert overlaps == []


def test_all_roles_fit_in_their_column(cast: Cast) -> None:
    assert User.objects.get(pk=add(*Role.values).pk).roles == set(Role.values)


def test_administrator_sets_roles_of_a_colleague(cast: Cast) -> None:
    joost, ina = cast.users["joost"], cast.users["ina"]
    verbs.set_roles(joost, by=ina, roles=[Role.SECRETARY, Role.AUDITOR])
    assert User.objects.get(pk=joost.pk).roles == {"secretary", "auditor"}
    event = Event.objects.latest("seq")
    assert event.verb == "identity.set_roles"
    assert event.details == {"roles": ["auditor", "secretary"]}


def test_same_roles_are_no_event(cast: Cast) -> None:
    before = Event.objects.count()
    verbs.set_roles(cast.users["joost"], by=cast.users["ina"], roles=["handler"])
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("by", "name"), [("ina", "ina"), ("ina", "sanne"), ("marieke", "joost"), ("sanne", "sanne")]
)
def test_roles_are_not_set_by_others_nor_for_oneself_or_clients(
    cast: Cast, by: str, name: str
) -> None:
    with pytest.raises(PermissionDenied):
        verbs.set_roles(cast.users[name], by=cast.users[by], roles=["handler"])


@pytest.mark.parametrize("roles", [[], ["manager"], ["handler", ""]])
def test_unknown_role_is_refused(cast: Cast, roles: list[str]) -> None:
    with pytest.raises(ValidationError):
        verbs.set_roles(cast.users["joost"], by=SYSTEM, roles=roles)
    with pytest.raises(ValidationError):
        add(*roles)


def run(*arguments: str) -> str:
    output = StringIO()
    call_command(*arguments, stdout=output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("arguments", "roles"),
    [
        ([], {"administrator", "account_manager"}),
        (["--role", "handler"], {"handler"}),
        (["--role", "handler", "--role", "auditor"], {"handler", "auditor"}),
    ],
)
def test_manager_command_adds_login_with_roles(
    db: None, arguments: list[str], roles: set[str]
) -> None:
    assert "/wachtwoord/" in run("manager", "nieuw@example.nl", "Nieuw", *arguments)
    assert User.objects.get(email_key="nieuw@example.nl").roles == roles


def test_roles_command_prints_and_replaces_roles(cast: Cast) -> None:
    email = cast.users["joost"].email
    assert run("roles", email) == f"{email}: handler\n"
    assert run("roles", email, "secretary", "auditor") == f"{email}: auditor, secretary\n"
    assert run("roles", email) == f"{email}: auditor, secretary\n"


@pytest.mark.parametrize(
    "arguments",
    [("sanne@example.nl", "handler"), ("nobody@example.nl",), ("joost@kantoor.example.nl", "boss")],
)
def test_roles_command_refuses_clients_and_unknown_names(
    cast: Cast, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError):
        run("roles", *arguments)
