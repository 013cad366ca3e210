"""Files of something: every object with a file that people open joins as a `FileHolder`."""

from __future__ import annotations

import pytest
from django.apps import apps
from tests.domain.files.holders import HOLDERS
from tests.house.source import SOURCE, modules, place, tree

from portaal.domain.files.models import StoredFile

# Foreign keys to a file that is opened through another object.
NOT_OPENED = {
    "files.StoredFile.original": "a readable copy is shown in the place of its original",
}


def test_every_object_with_a_file_is_a_holder_with_its_tests():
    with_files = {
        f"{model._meta.label}.{field.name}": model
        for model in apps.get_models()
        for field in model._meta.fields
        if field.related_model is StoredFile
    }
    assert with_files.keys() >= NOT_OPENED.keys()
    opened = {model for name, model in with_files.items() if name not in NOT_OPENED}
    assert opened == HOLDERS.keys()


@pytest.mark.parametrize("model", HOLDERS, ids=lambda model: model.__name__)
def test_holder_is_declared_in_the_room_of_its_object(model):
    room = SOURCE / "domain" / model._meta.app_label
    assert (room / "holders.py").exists()


def test_only_the_room_of_files_opens_releases_or_rescans():
    """Another function of these names would have to repeat its rules."""
    verbs = {"download", "view", "release", "rescan"}
    elsewhere = [
        place(path, node)
        for path in modules("domain")
        if path.name == "verbs.py" and path.parent.name != "files"
        for node in tree(path).body
        if getattr(node, "name", "") in verbs
    ]
    assert elsewhere == []
