"""Messages between clients and the office.

Each party of a dossier has conversations of its own, which no other party can see.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Count, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portaal.domain.dossiers.models import Access, Dossier, Party
from portaal.domain.files.models import StoredFile
from portaal.domain.identity.models import User
from portaal.domain.journal.roles import Right
from portaal.domain.reading.models import Reading as AnyReading
from portaal.domain.reading.models import Shown, ShownQuerySet
from portaal.domain.visible import Visible

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


@dataclass(frozen=True)
class MessageContent:
    """Subject and body of a message; stored sealed with the dossier's key."""

    subject: str = ""
    body: str = ""

    @property
    def beginning(self) -> str:
        """Return the first characters of the body on one line, for a list."""
        return " ".join(self.body[:300].split())


class Reading(AnyReading):
    """A login's first opening of a message."""

    opened = models.ForeignKey("Message", on_delete=models.CASCADE, related_name="readings")


class MessageQuerySet(ShownQuerySet["Message"]):
    reading, client = Reading, "party__client"

    def visible_to(self, user: User) -> VisibleMessages:
        """Return the messages that a user can see.

        Staff see those of the dossiers visible to them. A client's login sees those of its
        parties, except where the party has access to documents only.
        """
        if user.has_right(Right.WORK_IN_DOSSIERS):
            # EXISTS, not IN: the planner would materialise every dossier a handler can see.
            seen = Dossier.objects.visible_to(user).filter(pk=OuterRef("dossier"))
            return VisibleMessages.among(self.filter(Exists(seen)))
        if user.is_staff:
            return VisibleMessages.among(self.none())
        mine = Party.objects.accessible_to(user, Access.READ)
        return VisibleMessages.among(self.filter(party__in=mine))

    def is_unread_by(self, user: User) -> Q:
        """Return the condition that a client's login has not opened a message of the office."""
        return super().is_unread_by(user) & Q(from_office=True)

    def new_to(self, user: User) -> Self:
        """Return the unread messages of a client's login, without scanning those it has read."""
        mine = Party.objects.accessible_to(user, Access.READ)
        return super().new_to(user).filter(party__in=mine)

    def pending(self) -> MessageQuerySet:
        """Return clients' messages that the office has not picked up (see `picked_up_at`)."""
        return self.filter(from_office=False, picked_up_at=None)

    def pending_for(self, user: User) -> MessageQuerySet:
        """Return the pending messages of a handler's own dossiers; none for other users."""
        if not user.has_right(Right.HANDLE_DOSSIERS):
            return self.none()
        # A correlated subquery on purpose: with a join, both planners start from all dossiers of
        # the handler.
        handler = Dossier.objects.filter(pk=OuterRef("dossier")).values("handler")
        return self.pending().alias(handler=models.Subquery(handler[:1])).filter(handler=user.pk)

    def with_unread(self, user: User) -> Self:
        """Add `unread`: not opened by this login or, for staff, not picked up by the office."""
        if user.is_staff:
            pending = Q(from_office=False, picked_up_at=None)
            return self.annotate(unread=ExpressionWrapper(pending, models.BooleanField()))
        return super().with_unread(user)

    def threads(self) -> MessageQuerySet:
        """Return the newest message of each conversation.

        Adds `message_count` and `oldest_pending`, the id of the oldest pending message or None.
        """
        same = Message.objects.filter(thread=OuterRef("thread")).order_by("sent_at")
        counted = same.order_by().values("thread").annotate(n=Count("pk")).values("n")
        return self.filter(~Exists(same.filter(sent_at__gt=OuterRef("sent_at")))).annotate(
            message_count=models.Subquery(counted),
            oldest_pending=models.Subquery(same.pending().values("pk")[:1]),
        )

    def with_attachments(self) -> MessageQuerySet:
        """Add `attachment_count`; None for a message without attachments."""
        counted = (
            Attachment.objects.filter(message=OuterRef("pk"))
            .order_by()
            .values("message")
            .annotate(n=Count("pk"))
        )
        return self.annotate(attachment_count=models.Subquery(counted.values("n")))


class VisibleMessages(MessageQuerySet, Visible["Message"]):
    """Messages that one reader may see."""


class Message(Shown):
    """A message in the conversation of one party.

    A message that the office sends to several parties is one row for each party, with the same
    `batch` and the same files.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    party = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    from_office = models.BooleanField()
    sender = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    as_office = models.BooleanField(default=False)
    sealed = models.BinaryField()
    thread = models.UUIDField()
    reply_to = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replies"
    )
    batch = models.UUIDField()
    sent_at = models.DateTimeField(default=timezone.now)
    # Set when the dossier's handler opens a client's message, or when anyone of the office replies.
    # Reading by a colleague does not take it off the handler's list.
    picked_up_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("-sent_at", "pk")
        indexes = [
            models.Index(fields=["dossier", "-sent_at"], name="messaging_of_dossier"),
            models.Index(fields=["party", "-sent_at"], name="messaging_of_party"),
            # Covers the search for unread messages, as rows with their sealed content are wide.
            models.Index(
                fields=["party", "seen_by_all_at", "-sent_at", "id"],
                condition=Q(from_office=True),
                name="messaging_new",
            ),
            models.Index(fields=["thread", "sent_at"], name="messaging_of_thread"),
            models.Index(fields=["batch"], name="messaging_of_batch"),
            models.Index(fields=["sender", "-sent_at"], name="messaging_of_sender"),
            models.Index(
                fields=["dossier"],
                condition=Q(from_office=False, picked_up_at=None),
                name="messaging_pending",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @cached_property
    def content(self) -> MessageContent:
        """Return subject and body, or "(erased)" as subject where the dossier's key was destroyed.

        Raises keys.crypto.Tampered when the stored bytes were changed.
        """
        if self.dossier.vault.wrapped is None:
            return MessageContent(subject=_("(erased)"))
        return MessageContent(**json.loads(self.dossier.vault.unseal_text(self.sealed, self.pk)))

    @property
    def signed_by(self) -> str:
        """Return the name of the writing colleague, for a message of the office.

        Empty for one in the name of the office itself, and for a client's message.
        """
        return self.sender.full_name if self.from_office and not self.as_office else ""

    def seal(self, content: MessageContent) -> None:
        self.sealed = self.dossier.vault.seal_text(json.dumps(asdict(content)), self.pk)

    if TYPE_CHECKING:
        attachments: RelatedManager[Attachment]
        readings: RelatedManager[Reading]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, user: User) -> VisibleAttachments:
        """Return the attachments of the messages that a user can see."""
        seen = Message.objects.visible_to(user)
        return VisibleAttachments.among(self.filter(message__in=seen))

    def provided(self) -> AttachmentQuerySet:
        """Return clients' files, for "Door mij aangeleverd" (manual 2.1.1.4)."""
        return self.filter(message__from_office=False)


class VisibleAttachments(AttachmentQuerySet, Visible["Attachment"]):
    """Attachments of the messages that one reader may see."""


class Attachment(models.Model):
    """A file of a message."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments", db_index=False
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["message", "file"], name="messaging_file_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CannedReplyQuerySet(models.QuerySet["CannedReply"]):
    def visible_to(self, user: User) -> VisibleCannedReplies:
        """Return the replies of the whole office and the user's own; none for clients."""
        if not (user.has_right(Right.MANAGE_CLIENTS) and user.is_active):
            return VisibleCannedReplies.among(self.none())
        return VisibleCannedReplies.among(self.filter(Q(owner=None) | Q(owner=user)))


class VisibleCannedReplies(CannedReplyQuerySet, Visible["CannedReply"]):
    """Canned replies that one reader may use."""


class CannedReply(models.Model):
    """A text with placeholders (see placeholders.py), of the whole office or of its `owner`."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=80)
    body = models.TextField()
    owner = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    objects = CannedReplyQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        verbose_name_plural = "canned replies"

    def __str__(self) -> str:
        return self.name
