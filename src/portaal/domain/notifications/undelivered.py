"""E-mails that the worker gave up on; the office sees them and can call the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from portaal.domain.clients.events import INVITED
from portaal.domain.clients.models import Invitation, Membership
from portaal.domain.clients.permissions import may_manage_clients
from portaal.domain.documents.events import PUBLISHED
from portaal.domain.identity.events import PASSWORD_LINK_REQUESTED, PASSWORD_SET
from portaal.domain.identity.models import LinkRequest, User, email_key
from portaal.domain.jobs.models import Job
from portaal.domain.messaging.events import REPLIED, SENT
from portaal.domain.visible import Visible
from portaal.speed.queries import counted, prepared

from . import tasks

LIST_MAX = 100

# The events that the e-mails of a task are about, by the path of the task.
MAILS = {
    tasks.send_invitation.module_path: (INVITED,),
    tasks.send_password_link.module_path: (PASSWORD_LINK_REQUESTED,),
    tasks.send_password_set.module_path: (PASSWORD_SET,),
    tasks.send_news.module_path: (PUBLISHED, SENT, REPLIED),
}


class VisibleJobs(models.QuerySet[Job], Visible[Job]):
    """E-mail jobs that one reader may see."""


@dataclass(frozen=True)
class Undelivered:
    """An e-mail that was given up.

    `mail` is its name, from the event that it is about; `user` and `membership` are None where the
    receiver is unknown.
    """

    job: UUID
    mail: str | Promise
    user: User | None
    membership: Membership | None
    since: datetime
    error: str


def count() -> int:
    return _dead.first() or 0


@prepared
def _dead() -> models.QuerySet[Job, int]:
    return counted(_mails().filter(state=Job.State.DEAD))


def visible_to(user: User) -> VisibleJobs:
    """Return the e-mail jobs for staff; none for clients.

    Includes those that a colleague has just retried or removed.
    """
    if not may_manage_clients(user):
        return VisibleJobs.among(Job.objects.none())
    return VisibleJobs.among(_mails())


def undelivered(user: User) -> list[Undelivered]:
    """Return the e-mails given up, newest first, at most LIST_MAX, in five queries."""
    jobs = list(visible_to(user).filter(state=Job.State.DEAD).order_by("-finished_at")[:LIST_MAX])
    receivers = _receivers(jobs)
    logins = User.objects.filter(pk__in=filter(None, receivers.values()))
    users = {str(login.pk): login for login in logins.prefetch_related("memberships__client")}
    return [_undelivered(job, users.get(receivers.get(job.pk) or "")) for job in jobs]


def _mails() -> models.QuerySet[Job]:
    return Job.objects.filter(task__in=MAILS)


def _undelivered(job: Job, user: User | None) -> Undelivered:
    memberships = list(user.memberships.all()) if user else []
    assert job.finished_at is not None
    return Undelivered(
        job=job.pk,
        mail=MAILS[job.task][0].mail,
        user=user,
        membership=memberships[0] if memberships else None,
        since=job.finished_at,
        error=job.error,
    )


def _receivers(jobs: list[Job]) -> dict[UUID, str | None]:
    """Return the id of the receiving login of each job's e-mail; None where it is unknown."""
    arguments = {job.pk: (job.task, str(job.arguments["args"][0])) for job in jobs}
    invitations = Invitation.objects.filter(pk__in=_arguments_of(arguments, tasks.send_invitation))
    logins: dict[str, Any] = {
        str(pk): user for pk, user in invitations.values_list("pk", "membership__user")
    }
    requests = LinkRequest.objects.filter(pk__in=_arguments_of(arguments, tasks.send_password_link))
    addresses = dict(requests.values_list("pk", "email"))
    known = User.objects.filter(
        email_key__in=[email_key(address) for address in addresses.values() if address]
    )
    by_address = {user.email_key: user.pk for user in known}
    logins |= {str(pk): by_address.get(email_key(address)) for pk, address in addresses.items()}
    for task in (tasks.send_password_set, tasks.send_news):  # their argument is the login's id
        logins |= {login: login for login in _arguments_of(arguments, task)}
    receivers = {job: logins.get(argument) for job, (_task, argument) in arguments.items()}
    return {job: str(login) if login else None for job, login in receivers.items()}


def _arguments_of(arguments: dict[UUID, tuple[str, str]], task: Any) -> list[str]:
    """Return the arguments of the jobs that run `task`."""
    return [argument for path, argument in arguments.values() if path == task.module_path]
