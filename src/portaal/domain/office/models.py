"""The office of this installation, and the lists that it keeps: statuses, types of dossier, their steps."""

from __future__ import annotations

from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language

from portaal.gateways.prepared import prepared

BRAND, ACCENT = "#2b3a7d", "#b23a4e"  # the standard house style, as in tokens.css
HEX = RegexValidator(r"^#[0-9a-fA-F]{6}\Z")


class Logo(models.Model):
    """What an office uploaded as its logo: an SVG or a PNG, for everyone to see, so not sealed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return str(self.pk)


class Office(models.Model):
    """One row: one installation is one office."""

    class Emblem(models.TextChoices):
        LINDEN = "linden"
        QUAY = "quay"

    name = models.CharField(max_length=80)
    emblem = models.CharField(max_length=10, choices=Emblem, blank=True)
    logo = models.ForeignKey(Logo, on_delete=models.PROTECT, null=True, blank=True)
    street = models.CharField(max_length=80, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    city = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    web_address = models.CharField(max_length=80, blank=True)
    brand = models.CharField(max_length=7, default=BRAND, validators=[HEX])
    accent = models.CharField(max_length=7, default=ACCENT, validators=[HEX])

    def __str__(self) -> str:
        return self.name

    @property
    def phone_unbroken(self) -> str:
        """The phone number as it is shown: never over two lines."""
        return self.phone.replace(" ", "\N{NO-BREAK SPACE}")

    @classmethod
    def current(cls) -> Office:
        """The office; before it is set up, one with a neutral name that is not saved."""
        return next(iter(_offices()), None) or cls(name="Notariskantoor")


@prepared
def _offices() -> models.QuerySet[Office]:
    return Office.objects.order_by("pk")[:1]


class Labelled(models.Model):
    """A word that an office makes itself: Dutch, and English where it has one."""

    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return (self.name_en if get_language() == "en" else "") or self.name_nl


class Status(Labelled):
    """A status of a dossier; the group decides whether it counts as 'in behandeling'."""

    class Group(models.TextChoices):
        IN_PROGRESS = "in_progress"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    group = models.CharField(max_length=12, choices=Group, default=Group.IN_PROGRESS)

    class Meta(Labelled.Meta):
        verbose_name_plural = "statuses"

    @property
    def kind(self) -> str:
        """How it is marked on screen: 'ok' when the work is done, 'off' when it never will be, else nothing."""
        kinds: dict[str, str] = {self.Group.CLOSED: "ok", self.Group.CANCELLED: "off"}
        return kinds.get(self.group, "")


class DossierType(Labelled):
    """A type of dossier, such as a transfer of a home."""


class TypeStep(Labelled):
    """A step of the progress list that a new dossier of a type starts with."""

    type = models.ForeignKey(DossierType, on_delete=models.CASCADE, related_name="steps")
