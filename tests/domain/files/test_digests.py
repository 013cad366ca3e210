"""Digests in the journal prove nothing about a file or a text once its vault is destroyed."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from tests.people import PDF, Cast, store
from tests.snapshot import restore_cast

from portaal.domain.documents.verbs import publish
from portaal.domain.files.events import FILE_STORED
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import _digest
from portaal.domain.keys.crypto import Tampered
from portaal.domain.keys.models import Vault
from portaal.domain.keys.verbs import destroy
from portaal.domain.messaging.verbs import reply, send

BARE = sha256(PDF).hexdigest()

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]  # a verb and its arguments


@pytest.fixture
def cast(db: None) -> Cast:
    return restore_cast()


def digest_of_stored_file(cast: Cast, dossier: str) -> str:
    file = store(cast.users["marieke"], cast.dossiers[dossier])
    event = Event.objects.get(verb=FILE_STORED.name, object_id=str(file.pk))
    return str(event.details["digest"])


def publishing(cast: Cast) -> Call:
    by, dossier = cast.users["marieke"], cast.dossiers["purchase"]
    parties = [cast.parties["sanne"]]
    facts = {"title": "Akte", "tab": "documents", "kind": "document", "parties": parties}
    return publish, (dossier,), {"by": by, "file": store(by, dossier), **facts}


def sending(cast: Cast) -> Call:
    by, dossier = cast.users["sanne"], cast.dossiers["purchase"]
    files = [store(by, dossier)]
    return send, (dossier,), {"by": by, "subject": "Paspoort", "body": "Zie.", "files": files}


def replying(cast: Cast) -> Call:
    by, dossier = cast.users["marieke"], cast.dossiers["purchase"]
    message = send(dossier, by=cast.users["sanne"], subject="Vraag", body="Wanneer?")
    files = [store(by, dossier)]
    return reply, (message,), {"by": by, "subject": "Re", "body": "Dank u.", "files": files}


WITH_A_FILE = pytest.mark.parametrize("call_of", [publishing, sending, replying])


def test_same_file_has_one_digest_in_a_dossier(cast: Cast) -> None:
    assert digest_of_stored_file(cast, "purchase") == digest_of_stored_file(cast, "purchase")


def test_same_file_has_other_digests_in_two_dossiers(cast: Cast) -> None:
    assert digest_of_stored_file(cast, "purchase") != digest_of_stored_file(cast, "holding")


@WITH_A_FILE
def test_no_event_holds_the_bare_digest_of_a_file(
    cast: Cast, call_of: Callable[[Cast], Call]
) -> None:
    verb, args, kwargs = call_of(cast)
    verb(*args, **kwargs)
    assert [event for event in Event.objects.all() if BARE in json.dumps(event.details)] == []


def test_destroyed_vault_cannot_compute_a_digest_again(cast: Cast) -> None:
    digest_of_stored_file(cast, "purchase")
    destroy(cast.dossiers["purchase"].vault, by=SYSTEM)
    with pytest.raises(Tampered):
        Vault.objects.get(pk=cast.dossiers["purchase"].vault_id).digest(BARE)


@WITH_A_FILE
def test_digest_of_a_submission_needs_the_vault(
    cast: Cast, call_of: Callable[[Cast], Call]
) -> None:
    submission = uuid4()
    verb, args, kwargs = call_of(cast)
    verb(*args, **kwargs, submission=submission)
    recorded = Event.objects.get(submission=submission).digest
    assert _digest(verb, args, kwargs) == recorded
    dossier = getattr(args[0], "dossier", args[0])
    destroy(dossier.vault, by=SYSTEM)
    assert _digest(verb, args, kwargs) != recorded
