"""The `verb` decorator, and `record` for the event of a verb."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone

from portaal.domain.context import current_request
from portaal.domain.problems import Conflict
from portaal.gateways.keyring import keyring
from portaal.speed.queries import prepared

from .actors import Actor, Impersonal
from .models import FORMAT, Event, Head
from .registry import EventType

P = ParamSpec("P")
T = TypeVar("T")

# Sent by the EventType, with `event`, in the transaction of the act. An exception in a receiver
# rolls the act back.
event_recorded = Signal()

# The digest of the current submission, passed from `verb` to `record`.
_submission_digest: ContextVar[str] = ContextVar("submission_digest", default="")


class DuplicateSubmission(Conflict):
    """A submission id was used again with other content. The second act was not done."""


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Run the function in a transaction. A repeated submission returns the first result.

    A verb with a `submission` argument passes it on to `record`. A double click, a retry after a
    lost response and two parallel posts then do the act once. Raises DuplicateSubmission if the
    repeat has other content.
    """

    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
        submission = cast(UUID | None, kwargs.get("submission"))
        if submission is None:
            with transaction.atomic():
                return function(*args, **kwargs)
        by, digest = cast(Actor, kwargs["by"]), _digest(function, args, kwargs)
        token = _submission_digest.set(digest)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except Exception:
            # A repeat fails somewhere, at the latest on the unique (actor, submission).
            if first := _first_event(by, submission):
                return cast(T, _result(first, digest))
            raise
        finally:
            _submission_digest.reset(token)

    return wrapper


def record(
    event_type: EventType,
    target: models.Model,
    *,
    by: Actor,
    dossier: UUID | None = None,
    submission: UUID | None = None,
    **details: str | int | bool | list[str] | None,
) -> Event:
    """Append one event to the chain in the current transaction and send `event_recorded`.

    `details` hold ids and field names, never text that a person wrote. Raises TypeError for an
    object or details that the event's declaration does not name, and KeyError if the keyring of
    this process lacks the key that the chain was rotated to.
    """
    _check_declared(event_type, target, details)
    head, request = locked_head(), current_request.get()
    event = Event(
        seq=head.seq + 1,
        at=timezone.now(),
        actor_id=by.pk,
        actor_kind=by.value if isinstance(by, Impersonal) else "user",
        verb=event_type.name,
        object_kind=target._meta.label_lower,
        object_id=str(target.pk),
        dossier=dossier,
        details=details,
        request_id=request.id,
        channel=request.channel,
        assurance=request.assurance,
        submission=submission,
        digest=_submission_digest.get() if submission else "",
        key_id=head.key_id,
        format=FORMAT,
        previous=head.mac,
    )
    event.mac = event.compute_mac()
    event.save(force_insert=True)
    head.seq, head.mac = event.seq, event.mac
    head.save(update_fields=["seq", "mac"])
    event_recorded.send(sender=event_type, event=event)
    return event


def _check_declared(
    event_type: EventType, target: models.Model, details: Mapping[str, object]
) -> None:
    """Raise TypeError for another object or other details than were declared."""
    name = event_type.name
    if not isinstance(target, event_type.about):
        raise TypeError(f"{name} is about {event_type.about.__name__}, not {target!r}")
    if details.keys() != set(event_type.fields):
        raise TypeError(f"{name} has the details {event_type.fields}, not {tuple(details)}")


def locked_head() -> Head:
    """Lock the head of the chain until the end of the transaction, and return it."""
    return _head.first() or _first_head()


@prepared
def _head() -> models.QuerySet[Head]:
    return Head.objects.select_for_update().filter(pk=1)


def _first_head() -> Head:
    """Create and lock the head. Of two concurrent first events, one waits for the other."""
    first = Head(pk=1, key_id=keyring().journal_keys()[-1])
    Head.objects.bulk_create([first], ignore_conflicts=True)
    return Head.objects.select_for_update().get(pk=1)


def _first_event(by: Actor, submission: UUID) -> Event | None:
    if by.pk is None:
        return None
    return _submitted.first(by.pk, submission)


@prepared
def _submitted(actor: UUID, submission: UUID) -> models.QuerySet[Event]:
    return Event.objects.filter(actor=actor, submission=submission)


def _result(first: Event, digest: str) -> models.Model:
    if not hmac.compare_digest(first.digest, digest):
        raise DuplicateSubmission
    return cast(
        models.Model, apps.get_model(first.object_kind)._default_manager.get(pk=first.object_id)
    )


def _digest(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    parts = [function.__qualname__, *map(_plain, args)]
    parts += [
        f"{name}={_plain(value)}"
        for name, value in sorted(kwargs.items())
        if name not in ("by", "submission")
    ]
    content = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hmac.new(_digest_key(args), content, sha256).hexdigest()


def _digest_key(args: tuple[Any, ...]) -> bytes:
    """Return the key of a submission's digest.

    An act in a dossier uses the vault of the dossier: the digest covers texts and files, and must
    prove nothing about them once they are erased.
    """
    about = args[0] if args else None
    vault = getattr(getattr(about, "dossier", about), "vault", None)
    if vault is None or vault.destroyed_at:
        return keyring().secret("lookup")
    return cast(bytes, vault.digest_key())


def _plain(value: Any) -> str:
    if hasattr(value, "sha256"):  # the same file, uploaded again
        return str(value.sha256)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ",".join(sorted(map(_plain, value)))
    return str(value)
