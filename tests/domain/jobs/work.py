"""Tasks for the tests of the worker."""

from __future__ import annotations

from django_tasks import task

from portaal.domain.jobs.context import on_dead_letter

OUTPUT: list[str] = []


@task()
def say(word: str) -> None:
    OUTPUT.append(word)


@task()
def fail() -> None:
    raise OSError("the mail server is away")


@task()
def promise(word: str) -> None:
    raise OSError(f"not now: {word}")


@on_dead_letter(promise)
def apologise(word: str) -> None:
    OUTPUT.append(f"sorry: {word}")
    if word == "twice":
        raise ValueError(word)
