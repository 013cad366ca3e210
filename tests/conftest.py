"""Fixtures for every test. The cast is in tests/people.py."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.template.backends.jinja2 import Template
from django.test import override_settings
from django.test.signals import template_rendered
from tests import triggers
from tests.page import PageClient
from tests.people import Cast, make_cast
from tests.stores import DiskHands, Hands, S3Hands, S3Server
from tests.stores import s3_server as run_s3_server

# Playwright runs an event loop in the thread of the test; Django may still use the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: not a part of `make check`")
    config.addinivalue_line(
        "markers",
        "either_database: asks the same queries on both databases; runs on SQLite only",
    )


@pytest.fixture(scope="session", autouse=True)
def tell_jinja_contexts() -> Iterator[None]:
    """Give the test client the context of each Jinja2 page, as for Django's templates."""
    render = Template.render

    def rendered(self: Template, context: Any = None, request: Any = None) -> str:
        context = {} if context is None else context
        text = render(self, context, request)
        template_rendered.send(sender=self, template=self, context=context)
        return text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", rendered)
        yield


def pytest_collection_finish() -> None:
    """Exempt imported modules and collected tests from garbage collection; they all stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect under PostgreSQL the tests that do not depend on it, because SQLite ran them.

    Those are tests without a database, tests marked `either_database` and those on S3.
    """
    if connection.vendor != "postgresql":
        return
    deselected = [item for item in items if not _depends_on_database(item)]
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in set(deselected)]


def _depends_on_database(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    uses_database = (
        not {"db", "transactional_db"}.isdisjoint(item.fixturenames)
        or item.get_closest_marker("django_db") is not None
        or "prove" in item.path.parts
    ) and item.get_closest_marker("either_database") is None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return uses_database and parameters.get("hands") != "s3"


@pytest.fixture
def client() -> PageClient:
    """Return a test client that checks every page it fetches."""
    return PageClient()


@pytest.fixture(scope="module")
def store_of_everyone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("everyone") / "files"


@pytest.fixture(scope="module")
def everyone(
    django_db_setup: None, django_db_blocker: Any, store_of_everyone: Path
) -> Iterator[Cast]:
    """Yield the cast, made once for a module: making it takes longer than most tests.

    The `db` fixture of each test rolls its changes back. A module with a test that commits cannot
    use this, because `committed_db` empties the tables.
    """
    with django_db_blocker.unblock(), override_settings(FILES_DIR=store_of_everyone):
        around = transaction.atomic()
        around._from_testcase = True
        with around:
            yield make_cast()
            transaction.set_rollback(True)


@pytest.fixture(scope="module")
def everyone_packed(everyone: Cast) -> bytes:
    return pickle.dumps(everyone)


@pytest.fixture
def cast(
    everyone_packed: bytes, store_of_everyone: Path, db: None, settings: Any, tmp_path: Path
) -> Cast:
    """Return the cast for one test, with its own objects and file store."""
    settings.FILES_DIR = tmp_path / "files"
    shutil.copytree(store_of_everyone, settings.FILES_DIR)
    return pickle.loads(everyone_packed)  # noqa: S301 - own data; 4x faster than deepcopy


@pytest.fixture
def committed_db(transactional_db: None) -> Iterator[None]:
    """Allow real commits, for tests with a second connection, a rollback or a running worker.

    Afterwards all tables are emptied. The triggers of the journal reject that, so they are dropped
    first; `post_migrate` creates them again.
    """
    triggers.create(connection)
    yield
    triggers.drop(connection)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """Yield a real S3 server, or skip the test where there is none."""
    with run_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["disk", pytest.param("s3", marks=pytest.mark.slow)])
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hands]:
    """Yield direct access to an empty store, of each kind in turn."""
    if request.param == "disk":
        yield DiskHands(tmp_path / "files")
    else:
        hands = S3Hands(request.getfixturevalue("s3_server"))
        yield hands
        shutil.rmtree(hands.folder, ignore_errors=True)  # many buckets slow the server down


def _create_triggers(**_: object) -> None:
    triggers.create(connection)


# Sent after the migrations and after the tables were emptied.
post_migrate.connect(_create_triggers, sender=apps.get_app_config("journal"))
