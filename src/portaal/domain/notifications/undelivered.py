"""E-mails that the worker gave up on: seen by the office, who can call the client (security.md E13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from portaal.domain.accounts.models import Invitation, LinkRequest, Membership, User, email_key
from portaal.domain.accounts.permissions import may_manage_clients
from portaal.domain.jobs.models import Job

from . import tasks

MOST = 100


@dataclass(frozen=True)
class Undelivered:
    """One e-mail: which (`mail` is the task's name, such as 'send_news'), for whom as far as known, and what went wrong."""

    job: UUID
    mail: str
    user: User | None
    membership: Membership | None
    since: datetime
    error: str


def count() -> int:
    return _mails().filter(state=Job.State.DEAD).count()


def visible_to(user: User) -> models.QuerySet[Job]:
    """Staff: the jobs behind the list, also those that a colleague has just dealt with. Clients: none."""
    return (
        _mails().exclude(state=Job.State.RUNNING)
        if may_manage_clients(user)
        else Job.objects.none()
    )


def undelivered(user: User) -> list[Undelivered]:
    """What was given up, the newest first, at most MOST; in five queries."""
    jobs = list(visible_to(user).filter(state=Job.State.DEAD).order_by("-finished_at")[:MOST])
    receivers = _receivers(jobs)
    found = User.objects.filter(pk__in=filter(None, receivers.values())).prefetch_related(
        "memberships__client"
    )
    users = {str(user.pk): user for user in found}
    return [_told(job, users.get(receivers.get(job.pk) or "")) for job in jobs]


def _mails() -> models.QuerySet[Job]:
    return Job.objects.filter(task__startswith=f"{tasks.__name__}.")


def _told(job: Job, user: User | None) -> Undelivered:
    memberships = list(user.memberships.all()) if user else []
    assert job.finished_at is not None
    return Undelivered(
        job=job.pk,
        mail=job.task.rpartition(".")[2],
        user=user,
        membership=memberships[0] if memberships else None,
        since=job.finished_at,
        error=job.error,
    )


def _receivers(jobs: list[Job]) -> dict[UUID, str | None]:
    """The login that each job's e-mail is for; None where nobody is known."""
    about = {job.pk: (job.task, str(job.arguments["args"][0])) for job in jobs}
    invitations = Invitation.objects.filter(pk__in=_of(about, tasks.send_invitation))
    logins: dict[str, Any] = {
        str(pk): user for pk, user in invitations.values_list("pk", "membership__user")
    }
    asked = dict(
        LinkRequest.objects.filter(pk__in=_of(about, tasks.send_password_link)).values_list(
            "pk", "email"
        )
    )
    known = User.objects.filter(
        email_key__in=[email_key(address) for address in asked.values() if address]
    )
    by_address = {user.email_key: user.pk for user in known}
    logins |= {str(pk): by_address.get(email_key(address)) for pk, address in asked.items()}
    direct = {*_of(about, tasks.send_password_set), *_of(about, tasks.send_news)}
    found = {
        pk: thing if thing in direct else logins.get(thing) for pk, (_task, thing) in about.items()
    }
    return {pk: str(login) if login else None for pk, login in found.items()}


def _of(about: dict[UUID, tuple[str, str]], task: Any) -> list[str]:
    return [thing for path, thing in about.values() if path == task.module_path]
