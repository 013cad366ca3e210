"""The office of this installation and its lists: statuses, types of dossier and steps."""

from __future__ import annotations

from uuid import uuid4

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language

from portaal.speed.queries import prepared

BRAND, ACCENT = "#2b3a7d", "#b23a4e"  # the default house style, as in tokens.css
HEX = RegexValidator(r"^#[0-9a-fA-F]{6}\Z")


class Logo(models.Model):
    """The logo of the office: an SVG or a PNG. Public, so not encrypted."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return str(self.pk)


class Office(models.Model):
    """The office. The table has one row: one installation is one office."""

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
        """Return the phone number with no-break spaces."""
        return self.phone.replace(" ", "\N{NO-BREAK SPACE}")

    @classmethod
    def current(cls) -> Office:
        """Return the office, or an unsaved one with a neutral name before it is set up."""
        return _offices.first() or cls(name="Notariskantoor")


@prepared
def _offices() -> models.QuerySet[Office]:
    return Office.objects.order_by("pk")[:1]


class Labelled(models.Model):
    """Abstract base of a label made by the office: in Dutch, and optionally in English."""

    name_nl = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return (self.name_en if get_language() == "en" else "") or self.name_nl


class Status(Labelled):
    """A status of a dossier. Its group decides whether it counts as 'in behandeling'."""

    class Group(models.TextChoices):
        IN_PROGRESS = "in_progress"
        CLOSED = "closed"
        CANCELLED = "cancelled"

    group = models.CharField(max_length=12, choices=Group, default=Group.IN_PROGRESS)

    class Meta(Labelled.Meta):
        verbose_name_plural = "statuses"

    @property
    def kind(self) -> str:
        """Return the style of the status on screen: 'ok' if closed, 'off' if cancelled, or ''."""
        kinds: dict[str, str] = {self.Group.CLOSED: "ok", self.Group.CANCELLED: "off"}
        return kinds.get(self.group, "")


class DossierType(Labelled):
    """A type of dossier, such as a transfer of a home."""


class TypeStep(Labelled):
    """A step of the progress list that a new dossier of this type starts with."""

    type = models.ForeignKey(DossierType, on_delete=models.CASCADE, related_name="steps")
