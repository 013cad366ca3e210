"""What every test can ask for. The settings are in tests/settings.py, the cast in tests/people.py."""

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
from tests.page import PageClient
from tests.people import Cast, make_cast
from tests.stores import DiskHands, Hands, S3Hands, S3Server
from tests.stores import s3_server as run_s3_server

from portaal.domain.journal import triggers

# Playwright keeps an event loop running in the thread of the test; Django may use the database there all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: not a part of `make check`")
    config.addinivalue_line(
        "markers",
        "either_database: what it sees is made of the same queries on each; it runs on SQLite",
    )


@pytest.fixture(scope="session", autouse=True)
def tell_jinja_contexts() -> Iterator[None]:
    """Give the test client the context of each Jinja2 page (`response.context`), as of Django's."""
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
    """What was imported and collected stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Under PostgreSQL what asks no database is left out, what asks nothing that differs between them, and of what asks a store,
    all but one kind: it ran under SQLite."""
    if connection.vendor != "postgresql":
        return
    left_out = [item for item in items if not _asks_the_database(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _asks_the_database(item: pytest.Item) -> bool:
    assert isinstance(item, pytest.Function)
    asks = (
        not {"db", "transactional_db"}.isdisjoint(item.fixturenames)
        or item.get_closest_marker("django_db") is not None
        or "prove" in item.path.parts
    ) and item.get_closest_marker("either_database") is None
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return asks and parameters.get("hands") != "s3"


@pytest.fixture
def client() -> PageClient:
    """A browser without scripts, that checks every page it sees."""
    return PageClient()


@pytest.fixture(scope="module")
def store_of_everyone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("everyone") / "files"


@pytest.fixture(scope="module")
def everyone(
    django_db_setup: None, django_db_blocker: Any, store_of_everyone: Path
) -> Iterator[Cast]:
    """The cast, made once for a file of tests, as making it takes longer than most tests do; what a test changes in the database
    is rolled back by its own `db`. Not for a file with a test that commits: `committed_db` empties the tables."""
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
    """Everyone for one test: objects and a file store of its own."""
    settings.FILES_DIR = tmp_path / "files"
    shutil.copytree(store_of_everyone, settings.FILES_DIR)
    return pickle.loads(everyone_packed)  # noqa: S301 - of ours; a quarter of the work of copying


@pytest.fixture
def committed_db(transactional_db: None) -> Iterator[None]:
    """The database with real commits, for what needs a second connection, a rollback or a running worker.

    Afterwards all tables are emptied. The journal's triggers refuse that, so they go first and come back after it.
    """
    triggers.create(connection)
    yield
    triggers.drop(connection)


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server; what needs it is skipped, with the reason, where there is none."""
    with run_s3_server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(params=["disk", pytest.param("s3", marks=pytest.mark.slow)])
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hands]:
    """An empty store of each kind in turn, and hands in it."""
    if request.param == "disk":
        yield DiskHands(tmp_path / "files")
    else:
        hands = S3Hands(request.getfixturevalue("s3_server"))
        yield hands
        shutil.rmtree(hands.folder, ignore_errors=True)  # with many buckets the server is slow


def _close_the_journal(**_: object) -> None:
    triggers.create(connection)


# Emptying the tables ends in this signal, as does the first migration.
post_migrate.connect(_close_the_journal, sender=apps.get_app_config("journal"))
