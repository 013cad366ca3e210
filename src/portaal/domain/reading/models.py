"""Read marks: what a login has opened, and what is new to it.

A room that shows something to parties (a publication, a message) uses these abstract models and
querysets:

- `Reading` for its readings;
- `ReadableQuerySet` for what a login opens;
- `Shown` and `ShownQuerySet` for the rows that show it to one party each. What is opened and what
  shows it can be the same model.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from portaal.domain.clients.models import Membership
from portaal.domain.identity.models import User

Row = TypeVar("Row", bound=models.Model)

MARGIN = timedelta(hours=1)  # see `Shown`


class Reading(models.Model):
    """A login's first opening of something: per login, never per company.

    A room adds the foreign key `opened`, with the related name `readings`.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        # The login first, so that its readings are adjacent in the index.
        constraints = [
            models.UniqueConstraint(fields=["user", "opened"], name="%(app_label)s_one_reading")
        ]

    def __str__(self) -> str:
        return f"read by {self.user_id}"


class ReadableQuerySet(models.QuerySet[Row]):
    """Rows that have readings."""

    reading: type[Any]  # the room's model of `Reading`
    opened = "pk"  # path from a row to the object that was opened

    def is_unread_by(self, user: User) -> Q:
        """Return the condition that a login has not opened a row."""
        return Q(~Exists(self._readings(user, OuterRef(self.opened))))

    def unread_by(self, user: User) -> Self:
        """Return the rows that this login has not opened; another login may have."""
        return self.filter(self.is_unread_by(user))

    def with_unread(self, user: User) -> Self:
        """Add `unread`: not opened by this login."""
        unread = ExpressionWrapper(self.is_unread_by(user), models.BooleanField())
        return self.annotate(unread=unread)

    def add_readings(self, user: User) -> set[UUID]:
        """Add a reading for each row that this login has not opened; return their ids.

        Runs in a transaction. With two windows at once, the second one waits for the lock on the
        rows and then has nothing to add.
        """
        if not self.filter(~Exists(self._readings(user, OuterRef("pk")))).exists():
            return set()
        ids = set(self.order_by("pk").select_for_update().values_list("pk", flat=True))
        read = self.reading.objects.filter(user=user, opened__in=ids)
        new = ids - set(read.values_list("opened", flat=True))
        self.reading.objects.bulk_create(self.reading(user=user, opened_id=id) for id in new)
        return new

    def _readings(self, user: Any, opened: OuterRef) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.reading.objects.filter(user=user, opened=opened)
        return rows


class ShownQuerySet(ReadableQuerySet[Row]):
    """Rows of a model of `Shown`."""

    client: str  # path from a row to the client of its party

    def new_to(self, user: User) -> Self:
        """Return the rows that this login has not opened, without scanning marked ones (`Shown`).

        The caller limits them to the parties of the login.
        """
        newest = Membership.objects.of(user).order_by("-made_at").values("made_at")
        may_be_new = Q(seen_by_all_at=None) | Q(seen_by_all_at__lt=newest[:1])
        return self.filter(may_be_new).unread_by(user)

    def mark_seen_by_all(self) -> None:
        """Mark the rows that all logins of the client have opened (`Shown`)."""
        readings = self._readings(OuterRef("user"), OuterRef(OuterRef(self.opened)))
        has_not_opened = Membership.objects.filter(~Exists(readings), client=OuterRef(self.client))
        self.filter(~Exists(has_not_opened), seen_by_all_at=None).update(
            seen_by_all_at=timezone.now() - MARGIN
        )


class Shown(models.Model):
    """A row that shows something to one party, marked once all its logins have opened it.

    Readings decide what is unread; the mark only saves time. Nearly all rows of a client were
    opened long ago. `new_to` skips those with a mark and looks for a reading of the others. So a
    mark may be missing, but never wrong:

    - *Meaning.* Each login with a membership of the party's client that was made before
      `seen_by_all_at` has opened it. This includes logins whose membership has ended and logins
      without a grant for the party: both may get access again while the membership stays the same.
    - *Who sets it.* The verb that adds readings calls `mark_seen_by_all`. Nothing clears it.
    - *A later login* has opened nothing, and its membership is newer than the mark. `new_to` skips
      no row whose mark is older than the login's newest membership.
    - *Why `MARGIN`.* Another transaction may have made a membership and not committed it, so that
      `mark_seen_by_all` cannot see it. The mark is therefore set one hour back. A transaction that
      makes memberships takes less than that, so this membership is newer than the mark as well,
      and its login counts as a later one.
    """

    seen_by_all_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
