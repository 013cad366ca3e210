"""Tasks to try the worker with."""

from __future__ import annotations

from django_tasks import task

from portaal.domain.jobs.context import when_given_up

SAID: list[str] = []


@task()
def say(word: str) -> None:
    SAID.append(word)


@task()
def fail() -> None:
    raise OSError("the mail server is away")


@task()
def promise(word: str) -> None:
    raise OSError(f"not now: {word}")


@when_given_up(promise)
def apologise(word: str) -> None:
    SAID.append(f"sorry: {word}")
    if word == "twice":
        raise ValueError(word)
