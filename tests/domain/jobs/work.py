"""Tasks to try the worker with."""

from __future__ import annotations

from django_tasks import task

SAID: list[str] = []


@task()
def say(word: str) -> None:
    SAID.append(word)


@task()
def fail() -> None:
    raise OSError("the mail server is away")
