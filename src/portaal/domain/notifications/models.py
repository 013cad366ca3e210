"""Notification preferences of logins, and notices to send to them."""

from __future__ import annotations

from django.db import models

from portaal.domain.identity.models import User


class Preference(models.Model):
    """E-mails that a login wants ("Notificaties", manual 2.2); no row means all three kinds."""

    user = models.OneToOneField(
        User, primary_key=True, on_delete=models.CASCADE, related_name="preference"
    )
    documents = models.BooleanField(default=True)
    questionnaires = models.BooleanField(default=True)
    messages = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"notifications of {self.user_id}"

    @classmethod
    def of(cls, user: User) -> Preference:
        return cls.objects.filter(user=user).first() or cls(user=user)


class Notice(models.Model):
    """Something new for one login; notices of the same minutes are sent in one e-mail."""

    class Kind(models.TextChoices):
        DOCUMENT = "document"
        MESSAGE = "message"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=14, choices=Kind)
    event = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notifications_once")]
        indexes = [models.Index(fields=["user", "sent_at"], name="notifications_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"
