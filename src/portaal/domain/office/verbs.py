"""What can happen to the office itself."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from portaal.domain.journal.recording import By, record, verb

from . import rules
from .models import DossierType, Logo, Office, Status, TypeStep


@verb
def set_up(*, by: By, **facts: str) -> Office:
    """Writes down who the office is: name, address, house style. Records the names of the fields that changed.

    Raises PermissionDenied for who is not the manager, ValidationError at the field that cannot be so.
    """
    if not rules.may_set_up(by):
        raise PermissionDenied
    office = Office.objects.order_by("pk").first() or Office()
    changed = [name for name, value in facts.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, facts[name])
    if changed:
        office.full_clean()
        office.save()
        record("office.set_up", office, by=by, fields=changed)
    return office


@verb
def change_logo(*, by: By, content: bytes) -> Office:
    """Puts another logo on every page; none when `content` is empty. The old one is thrown away.

    Raises PermissionDenied for who is not the manager, ValidationError at `logo` for what is no plain SVG or PNG.
    """
    if not rules.may_set_up(by):
        raise PermissionDenied
    office = Office.objects.order_by("pk").first() or Office.objects.create(
        name=Office.current().name
    )
    old = office.logo
    if content or old:
        office.logo = (
            Logo.objects.create(content=content, media_type=rules.media_type_of_logo(content))
            if content
            else None
        )
        office.save(update_fields=["logo"])
        record("office.change_logo", office, by=by)
    if old:
        old.delete()
    return office


@verb
def add_status(*, by: By, name_nl: str, name_en: str, group: str) -> Status:
    """Adds a status at the end of the list."""
    status = Status(name_nl=name_nl, name_en=name_en, group=group, position=Status.objects.count())
    status.full_clean()
    status.save()
    record("office.add_status", status, by=by)
    return status


@verb
def add_type(*, by: By, name_nl: str, name_en: str, steps: list[tuple[str, str]]) -> DossierType:
    """Adds a type of dossier with the steps (Dutch, English) of its progress list (2.1.1.1)."""
    type_ = DossierType.objects.create(
        name_nl=name_nl, name_en=name_en, position=DossierType.objects.count()
    )
    TypeStep.objects.bulk_create(
        TypeStep(type=type_, name_nl=nl, name_en=en, position=place)
        for place, (nl, en) in enumerate(steps)
    )
    record("office.add_type", type_, by=by)
    return type_
