"""Acts on the office: its settings, its logo and its lists."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from portaal.domain.journal.actors import Actor
from portaal.domain.journal.recording import record, verb

from . import permissions, validators
from .events import LOGO_CHANGED, OFFICE_SET_UP, STATUS_ADDED, TYPE_ADDED
from .models import DossierType, Logo, Office, Status, TypeStep


@verb
def set_up(*, by: Actor, **facts: str) -> Office:
    """Set the name, the address and the house style. Records the names of changed fields.

    Raises PermissionDenied if `by` is not an administrator, and ValidationError by field.
    """
    _only(permissions.may_set_up(by))
    office = Office.objects.order_by("pk").first() or Office()
    changed = [name for name, value in facts.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, facts[name])
    if changed:
        office.full_clean()
        office.save()
        record(OFFICE_SET_UP, office, by=by, fields=changed)
    return office


@verb
def change_logo(*, by: Actor, content: bytes) -> Office:
    """Replace the logo and delete the old one. Empty `content` removes the logo.

    Raises PermissionDenied if `by` is not an administrator, and ValidationError for the field
    `logo` if the content is not a plain SVG or PNG.
    """
    _only(permissions.may_set_up(by))
    office = Office.objects.order_by("pk").first() or Office.objects.create(
        name=Office.current().name
    )
    old = office.logo
    if content or old:
        office.logo = (
            Logo.objects.create(content=content, media_type=validators.media_type_of_logo(content))
            if content
            else None
        )
        office.save(update_fields=["logo"])
        record(LOGO_CHANGED, office, by=by)
    if old:
        old.delete()
    return office


@verb
def change_house_style(*, by: Actor, logo: bytes | None = None, **facts: str) -> Office:
    """Set the name and the colours, and replace the logo unless `logo` is None.

    An empty `logo` removes it. Raises as `set_up` and `change_logo` do; then nothing is changed.
    """
    if logo is not None:
        change_logo(by=by, content=logo)
    return set_up(by=by, **facts)


@verb
def add_status(*, by: Actor, name_nl: str, name_en: str, group: str) -> Status:
    """Add a status at the end of the list. Raises PermissionDenied for all but administrators."""
    _only(permissions.may_set_up(by))
    status = Status(name_nl=name_nl, name_en=name_en, group=group, position=Status.objects.count())
    status.full_clean()
    status.save()
    record(STATUS_ADDED, status, by=by)
    return status


@verb
def add_type(*, by: Actor, name_nl: str, name_en: str, steps: list[tuple[str, str]]) -> DossierType:
    """Add a type of dossier with the steps of its progress list (manual 2.1.1.1).

    A step is its name in Dutch and in English. Raises PermissionDenied for all but administrators.
    """
    _only(permissions.may_set_up(by))
    type_ = DossierType.objects.create(
        name_nl=name_nl, name_en=name_en, position=DossierType.objects.count()
    )
    TypeStep.objects.bulk_create(
        TypeStep(type=type_, name_nl=nl, name_en=en, position=position)
        for position, (nl, en) in enumerate(steps)
    )
    record(TYPE_ADDED, type_, by=by)
    return type_


def _only(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied
