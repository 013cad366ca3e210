"""Events: declared once in the `events.py` of a room, elsewhere named by constant."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
from tests.house.source import SOURCE, calls, modules, place, tree

from portaal.domain.clients.models import Client
from portaal.domain.clients.verbs import add_client
from portaal.domain.documents.events import PUBLISHED
from portaal.domain.files.holders import FileEvents
from portaal.domain.journal.actors import SYSTEM
from portaal.domain.journal.models import Event
from portaal.domain.journal.recording import record
from portaal.domain.journal.registry import (
    EVENT_TYPES,
    SECURITY_EVENT_TYPES,
    EventType,
    SecurityEventType,
)

NAMES = {*EVENT_TYPES, *SECURITY_EVENT_TYPES}
DECLARING = ("EventType", "SecurityEventType")
RECORDING = ("record", "record_security_event")
# Records the events that a holder of a file brings along.
OF_HOLDERS = SOURCE / "domain" / "files" / "verbs.py"

# The stored names, which the journal's chain covers: one can be added, none can be changed.
STORED = """
clients: add_client add_login invite
documents: download publish release rescan withdraw
dossiers: admit advance assign change_status grant open_dossier remove_party
    set_appointment set_back unassign
files: store_file
identity: add_staff block choose_language issue_password_link log_in log_out request_password_link
    set_password set_roles unblock
journal: rotate
keys: destroy rotate
messaging: delete_canned_reply download read release reply rescan save_canned_reply send view
notifications: choose_notifications drop send_again
office: add_status add_type change_logo set_up
"""
SECURITY = {
    "identity.log_in",
    "identity.log_in.too_many",
    "identity.request_password_link.too_many",
    "files.quarantine",
    "faces.forbidden",
    "faces.form_refused",
    "faces.not_found",
}


def declared_in(path) -> dict[str, str]:
    """Return the constants of an `events.py`, with their names."""
    return {
        statement.targets[0].id: statement.value.args[0].value
        for statement in tree(path).body
        if isinstance(statement, ast.Assign)
        and isinstance(statement.value, ast.Call)
        and getattr(statement.value.func, "id", "") in DECLARING
    }


def declarations() -> list[str]:
    """Return the names that every `events.py` declares."""
    return [
        name
        for path in modules()
        if path.name == "events.py"
        for name in declared_in(path).values()
    ]


def test_stored_names_do_not_change():
    rooms = re.findall(r"^(\w+):([\w\s]+?)(?=^\w+:|\Z)", STORED, re.M)
    assert set(EVENT_TYPES) == {f"{room}.{name}" for room, names in rooms for name in names.split()}
    assert set(SECURITY_EVENT_TYPES) == SECURITY


def test_registry_holds_what_the_rooms_declare():
    assert sorted(declarations()) == sorted([*EVENT_TYPES, *SECURITY_EVENT_TYPES])


def test_event_is_declared_by_the_room_that_its_name_starts_with():
    foreign = [
        name
        for path in modules()
        if path.name == "events.py"
        for name in declared_in(path).values()
        if name.partition(".")[0] != _owner(path)
    ]
    assert foreign == []


def _owner(path: Path) -> str:
    """Return the room that an `events.py` belongs to, or "faces"."""
    folders = path.relative_to(SOURCE).parts
    return folders[1] if folders[0] == "domain" else folders[0]


def test_event_name_is_typed_in_its_declaration_only():
    typed = [
        place(path, node)
        for path in modules()
        if path.name != "events.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in NAMES
    ]
    assert typed == []


def test_event_is_declared_nowhere_else():
    elsewhere = [
        place(path, call)
        for path in modules()
        if path.name != "events.py"
        for name, call in calls(tree(path))
        if name in DECLARING
    ]
    assert elsewhere == []


def imported_in(path) -> set[str]:
    """Return the constants that a module imports from the `events.py` of its room."""
    return {
        alias.name
        for statement in tree(path).body
        if isinstance(statement, ast.ImportFrom)
        and (statement.level, statement.module) == (1, "events")
        for alias in statement.names
    }


def recorded_in(path) -> list[tuple[ast.Call, str | None]]:
    """Return the calls that record an event, with the constant that they import for it."""
    imported = imported_in(path)
    return [
        (call, call.args[0].id if getattr(call.args[0], "id", "") in imported else None)
        for name, call in calls(tree(path))
        if name in RECORDING
    ]


def given_to_holders_in(path) -> list[ast.expr]:
    """Return what a module gives to `FileEvents`: the events of the files of its objects."""
    return [
        argument
        for name, call in calls(tree(path))
        if name == "FileEvents"
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
    ]


def events_of_a_holder(path) -> dict[ast.expr, str]:
    """Return each `holder.events.<field>` of a module, with its field."""
    return {
        node: node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "holder.events"
    }


def test_act_records_an_event_that_it_imports_from_its_room():
    unknown = [
        place(path, call)
        for path in modules()
        for call, constant in recorded_in(path)
        if constant is None and not (path == OF_HOLDERS and _is_of_a_holder(call))
    ]
    assert unknown == []


def _is_of_a_holder(call: ast.Call) -> bool:
    """Tell if a call records `holder.events.<field>`, or `event`, as `_record_opening` does."""
    event = call.args[0]
    return event in events_of_a_holder(OF_HOLDERS) or getattr(event, "id", "") == "event"


def test_holder_has_events_that_it_imports_from_its_room():
    unknown = [
        place(path, argument)
        for path in modules()
        for argument in given_to_holders_in(path)
        if getattr(argument, "id", "") not in imported_in(path)
    ]
    assert unknown == []


def test_each_event_of_a_holder_is_recorded():
    """`view` and `download` hand it to `_record_opening`; `test_holder.py` calls all of them."""
    recorded = set(events_of_a_holder(OF_HOLDERS).values())
    assert recorded == {field.name for field in fields(FileEvents)}


def test_every_declared_event_is_recorded():
    recorded = {
        (path.parent, constant) for path in modules() for _call, constant in recorded_in(path)
    } | {
        (path.parent, getattr(argument, "id", ""))
        for path in modules()
        for argument in given_to_holders_in(path)
    }
    declared = {
        (path.parent, constant)
        for path in modules()
        if path.name == "events.py"
        for constant in declared_in(path)
    }
    assert declared - recorded == set()


def test_typo_in_an_event_is_an_import_error():
    text = (SOURCE / "domain" / "documents" / "verbs.py").read_text()
    assert "PUBLISHED" in text
    with pytest.raises(ImportError, match="PUBLISHD"):
        exec(  # noqa: S102 - the portal's own source, with a typo in it
            compile(text.replace("PUBLISHED", "PUBLISHD"), "verbs.py", "exec"),
            {"__package__": "portaal.domain.documents", "__name__": "verbs"},
        )


@pytest.mark.parametrize(
    ("kind", "name"), [(EventType, PUBLISHED.name), (SecurityEventType, "faces.forbidden")]
)
def test_name_is_declared_once(kind, name):
    with pytest.raises(ValueError, match="declared twice"):
        kind(*[name, Client][: 2 if kind is EventType else 1])


def test_event_about_another_object_is_refused(db):
    client = add_client(by=SYSTEM, surname="Test")
    with pytest.raises(TypeError, match="is about Publication"):
        record(PUBLISHED, client, by=SYSTEM, parties=[], digest="")
    assert Event.objects.count() == 1


def test_event_without_a_declared_detail_is_refused(db):
    client = add_client(by=SYSTEM, surname="Test")
    with pytest.raises(TypeError, match="has the details"):
        record(EVENT_TYPES["clients.add_client"], client, by=SYSTEM, surname="Test")
    assert Event.objects.count() == 1
