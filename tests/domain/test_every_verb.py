"""Every verb checks a permission: only those of these lists let a client or visitor in."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.people import Cast, send, write_messages

from portaal import domain
from portaal.domain.clients.models import Client, Membership
from portaal.domain.documents.models import Publication
from portaal.domain.dossiers.models import Dossier, Party, Step
from portaal.domain.files.holders import FileHolder
from portaal.domain.files.models import StoredFile
from portaal.domain.files.sealing import StoredBytes
from portaal.domain.identity.models import LinkRequest, Session, User
from portaal.domain.jobs.models import Job
from portaal.domain.journal.actors import ANONYMOUS, Actor
from portaal.domain.keys.models import Vault
from portaal.domain.messaging.holders import AttachmentFile
from portaal.domain.messaging.models import Attachment, CannedReply, Message
from portaal.domain.office.models import DossierType, Status

# The acts of a client's login; every other verb refuses it.
FOR_CLIENTS = {
    "identity.choose_language": "its own",
    "identity.log_in": "checks the password",
    "identity.log_out": "its own session",
    "identity.record_login": "its own",
    "identity.request_password_link": "for everyone",
    "identity.set_password": "checks the token",
    "files.claim": "its own file",
    "files.download": "of a holder that it sees",
    "files.download_all": "of holders that it sees",
    "files.store_file": "its own file",
    "files.view": "of a holder that it sees",
    "messaging.read": "a message that it sees",
    "messaging.reply": "in its own conversation",
    "messaging.send": "for a party that it writes for",
    "notifications.choose_notifications": "its own",
    "notifications.save_preferences": "its own",
}
FOR_VISITORS = {
    "identity.log_in": "checks the password",
    "identity.request_password_link": "for everyone",
    "identity.set_password": "checks the token",
}
WRITES = ("INSERT", "UPDATE", "DELETE")

Verb = Callable[..., Any]


def _verbs() -> Iterator[tuple[str, Verb]]:
    """Yield every public function of a room's verbs with a keyword `by`, by its name."""
    for path in sorted(Path(domain.__path__[0]).glob("*/verbs.py")):
        room = import_module(f"portaal.domain.{path.parent.name}.verbs")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            is_own = inspect.unwrap(function).__module__ == room.__name__
            if (
                is_own
                and not name.startswith("_")
                and "by" in inspect.signature(function).parameters
            ):
                yield f"{path.parent.name}.{name}", function


VERBS = dict(_verbs())


def _is_for_actors(verb: Verb) -> bool:
    """Tell if SYSTEM and ANONYMOUS can call this verb too."""
    return get_type_hints(inspect.unwrap(verb))["by"] is Actor


@pytest.fixture
def own(cast: Cast) -> dict[Any, Any]:
    """Return a value for each type of argument: an object of Sanne, or one that she sees."""
    write_messages(cast)
    sanne, purchase = cast.users["sanne"], cast.dossiers["purchase"]
    return {
        Client: cast.clients["sanne"],
        User: sanne,
        Membership: Membership.objects.get(user=sanne),
        Session: Session.objects.create(key_hash="0" * 64, face="client", user=sanne),
        LinkRequest: LinkRequest.objects.create(email=sanne.email),
        Dossier: purchase,
        DossierType: cast.type,
        Status: cast.closed,
        Step: Step.objects.filter(dossier=purchase)[0],
        Party: cast.parties["sanne"],
        Publication: cast.publications["sanne"],
        Message: cast.messages["sanne"],
        CannedReply: cast.replies["office"],
        # Every other holder is in files/test_holder.py.
        FileHolder: AttachmentFile(Attachment.objects.filter(message=cast.messages["asked"])[0]),
        StoredFile: send(sanne, purchase),
        StoredBytes: None,
        Vault: purchase.vault,
        Job: Job.objects.filter(state=Job.State.DEAD)[0],
        UUID: purchase.pk,
        str: "x",
        bytes: b"x",
        bool: True,
        int: 1,
        datetime: None,
    }


def _call(verb: Verb, by: Actor | User, own: dict[Any, Any]) -> None:
    """Call a verb with an argument for every parameter that has no default."""
    hints = get_type_hints(inspect.unwrap(verb))
    args, kwargs = [], {"by": by}
    for name, parameter in inspect.signature(verb).parameters.items():
        if parameter.kind is parameter.VAR_POSITIONAL:
            args.append(_value(hints[name], own))
        elif (
            name == "by"
            or parameter.kind is parameter.VAR_KEYWORD
            or parameter.default is not parameter.empty
        ):
            continue
        elif parameter.kind is parameter.KEYWORD_ONLY:
            kwargs[name] = _value(hints[name], own)
        else:
            args.append(_value(hints[name], own))
    verb(*args, **kwargs)


def _value(hint: Any, own: dict[Any, Any]) -> Any:
    """Return an object of this type; a list of one for a collection."""
    if hint in own:
        return own[hint]
    kind, *parts = get_origin(hint), *get_args(hint)
    if kind in (Union, UnionType):
        return _value(parts[0], own)
    if kind is tuple:
        return tuple(_value(part, own) for part in parts)
    return [_value(parts[0], own)]


@pytest.mark.parametrize("name", sorted(VERBS.keys() - FOR_CLIENTS))
def test_client_is_refused_by_a_verb_that_is_not_for_clients(
    name: str, cast: Cast, own: dict[Any, Any]
) -> None:
    with (
        CaptureQueriesContext(
            connection,
        ) as queries,
        pytest.raises(PermissionDenied),
    ):
        _call(VERBS[name], cast.users["sanne"], own)
    assert [query for query in queries if query["sql"].startswith(WRITES)] == []


@pytest.mark.parametrize(
    "name",
    sorted(
        name for name, verb in VERBS.items() if _is_for_actors(verb) and name not in FOR_VISITORS
    ),
)
def test_visitor_is_refused_by_a_verb_that_is_not_for_visitors(
    name: str, own: dict[Any, Any]
) -> None:
    with CaptureQueriesContext(connection) as queries, pytest.raises(PermissionDenied):
        _call(VERBS[name], ANONYMOUS, own)
    assert [query for query in queries if query["sql"].startswith(WRITES)] == []


def test_listed_verbs_exist() -> None:
    assert (FOR_CLIENTS | FOR_VISITORS).keys() - VERBS == set()


def test_blocked_login_stores_no_file(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    sanne.deactivated_at = cast.dossiers["purchase"].opened_at
    with pytest.raises(PermissionDenied):
        send(sanne, cast.dossiers["purchase"])


def test_blocked_login_requests_no_password_link(cast: Cast) -> None:
    sanne = cast.users["sanne"]
    sanne.deactivated_at = cast.dossiers["purchase"].opened_at
    with pytest.raises(PermissionDenied):
        VERBS["identity.request_password_link"](by=sanne, email=sanne.email)


@pytest.mark.parametrize("name", ["identity.record_login", "identity.log_out"])
def test_client_is_refused_the_login_of_another(name: str, cast: Cast, own: dict[Any, Any]) -> None:
    with pytest.raises(PermissionDenied):
        _call(VERBS[name], cast.users["emre"], own)
