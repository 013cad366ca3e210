"""Where a row came from, for an office that also has other software."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class External(models.Model):
    """Abstract base of rows that another system may know: its name, and its id of the row."""

    external_source = models.CharField(max_length=40, blank=True, db_default="", default="")
    external_id = models.CharField(max_length=100, blank=True, db_default="", default="")

    class Meta:
        abstract = True


def external_once(name: str) -> models.UniqueConstraint:
    """Return the constraint that one system knows a row of this table by one id."""
    return models.UniqueConstraint(
        fields=["external_source", "external_id"], condition=~Q(external_id=""), name=name
    )
