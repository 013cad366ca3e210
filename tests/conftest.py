"""What every test can ask for. The settings are in tests/settings.py, the cast in tests/people.py."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models.signals import post_migrate
from tests.page import PageClient
from tests.stores import DiskHands, Hands, S3Hands, S3Server
from tests.stores import s3_server as run_s3_server

from portaal.domain.journal import triggers

# Playwright keeps an event loop running in the thread of the test; Django may use the database there all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "slow: not a part of `make check`")


@pytest.fixture
def client() -> PageClient:
    """A browser without scripts, that checks every page it sees."""
    return PageClient()


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
def hands(request: pytest.FixtureRequest, tmp_path: Path) -> Hands:
    """An empty store of each kind in turn, and hands in it."""
    return DiskHands(tmp_path / "files") if request.param == "disk" else S3Hands(request.getfixturevalue("s3_server"))


def _close_the_journal(**_: object) -> None:
    triggers.create(connection)


# Emptying the tables ends in this signal, as does the first migration.
post_migrate.connect(_close_the_journal, sender=apps.get_app_config("journal"))
