"""Recording: the last line of every verb, and the frame that every verb stands in."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from hashlib import sha256
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from portaal.gateways.keyring import keyring
from portaal.gateways.prepared import prepared

from .actors import Actor, request_id
from .models import Event, Head, Refusal

P = ParamSpec("P")
T = TypeVar("T")
By = AbstractBaseUser | Actor


class Conflict(Exception):
    """The same submission came again with other content (E4): nothing was done with the second."""


def verb(function: Callable[P, T]) -> Callable[P, T]:
    """Makes a function a verb: all or nothing, and a repeated submission gives the first result again.

    A verb that takes `submission` hands it to `record`. A double click, a retry after a lost answer and two parallel posts
    then do the act once; raises Conflict when the repeat says something else.
    """

    @wraps(function)
    def act(*args: P.args, **kwargs: P.kwargs) -> T:
        submission = cast(UUID | None, kwargs.get("submission"))
        if submission is None:
            with transaction.atomic():
                return function(*args, **kwargs)
        by, digest = cast(By, kwargs["by"]), _digest(function, args, kwargs)
        token = _content.set(digest)
        try:
            with transaction.atomic():
                return function(*args, **kwargs)
        except (
            Exception
        ):  # whatever stopped it: a repeat, at the latest by its event, of which there can be one
            if first := _first(by, submission):
                return cast(T, _result(first, digest))
            raise
        finally:
            _content.reset(token)

    return act


def record(
    what: str,
    about: models.Model,
    *,
    by: By,
    dossier: UUID | None = None,
    submission: UUID | None = None,
    **details: str | int | bool | list[str] | None,
) -> Event:
    """Appends one event to the chain, in the transaction of the act, and tells the one listener.

    `details` hold ids and names of fields, never what people wrote.
    """
    head: Head = next(iter(_head()), None) or _first_head()
    event = Event(
        seq=head.seq + 1,
        at=timezone.now(),
        actor_id=by.pk if isinstance(by, AbstractBaseUser) else None,
        actor_kind="user" if isinstance(by, AbstractBaseUser) else by.value,
        verb=what,
        object_kind=about._meta.label_lower,
        object_id=str(about.pk),
        dossier=dossier,
        details=details,
        request_id=request_id.get(),
        submission=submission,
        digest=_content.get() if submission else "",
        previous=head.mac,
    )
    event.mac = event.sealed()
    event.save(force_insert=True)
    head.seq, head.mac = event.seq, event.mac
    head.save(update_fields=["seq", "mac"])
    if _listener:
        _listener(event)
    return event


def refuse(what: str, *, by: By, network: str = "", **details: str | int | bool | None) -> Refusal:
    """Notes in the security log what was refused. Call it outside the transaction that failed, or it is lost with it."""
    actor = by.pk if isinstance(by, AbstractBaseUser) else None
    return Refusal.objects.create(
        what=what, actor_id=actor, network=network, request_id=request_id.get(), details=details
    )


def listen(listener: Callable[[Event], None]) -> None:
    """Sets the one listener of the journal (notifications): called inside the act's transaction."""
    global _listener
    _listener = listener


_listener: Callable[[Event], None] | None = None
# The digest of the submission being acted on, for `record` deeper down.
_content: ContextVar[str] = ContextVar("submission_digest", default="")


@prepared
def _head() -> models.QuerySet[Head]:
    return Head.objects.select_for_update().filter(pk=1)


def _first_head() -> Head:
    """Two very first events at once: one makes the row, the other waits for it."""
    Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)
    return Head.objects.select_for_update().get(pk=1)


def _first(by: By, submission: UUID) -> Event | None:
    if not isinstance(by, AbstractBaseUser):
        return None
    return next(iter(_submitted(by.pk, submission)), None)


@prepared
def _submitted(actor: UUID, submission: UUID) -> models.QuerySet[Event]:
    return Event.objects.filter(actor=actor, submission=submission)


def _result(first: Event, digest: str) -> models.Model:
    if not hmac.compare_digest(first.digest, digest):
        raise Conflict
    return cast(
        models.Model, apps.get_model(first.object_kind)._default_manager.get(pk=first.object_id)
    )


def _digest(function: Callable[..., Any], args: Iterable[Any], kwargs: dict[str, Any]) -> str:
    said = [function.__qualname__, *map(_plain, args)]
    said += [
        f"{name}={_plain(value)}"
        for name, value in sorted(kwargs.items())
        if name not in ("by", "submission")
    ]
    return hmac.new(keyring().secret("lookup"), "\0".join(said).encode(), sha256).hexdigest()


def _plain(value: Any) -> str:
    if hasattr(value, "sha256"):  # the same file, sent again
        return str(value.sha256)
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return ",".join(sorted(map(_plain, value)))
    return str(value)
