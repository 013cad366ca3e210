"""Tasks for the tests of the worker."""

from __future__ import annotations

from threading import Barrier

from django_tasks import task

from portaal.domain.jobs.context import on_dead_letter

OUTPUT: list[str] = []
MEETING = Barrier(2, timeout=20)


@task(queue_name="mail")
def say(word: str) -> None:
    OUTPUT.append(word)


@task(queue_name="files")
def scan() -> None:
    OUTPUT.append("scan")


@task(queue_name="mail")
def fail() -> None:
    raise OSError("the mail server is away")


@task(queue_name="mail")
def promise(word: str) -> None:
    raise OSError(f"not now: {word}")


@on_dead_letter(promise)
def apologise(word: str) -> None:
    OUTPUT.append(f"sorry: {word}")
    if word == "twice":
        raise ValueError(word)


@task(queue_name="mail")
def meet_in_mail() -> None:
    MEETING.wait()
    OUTPUT.append("mail")


@task(queue_name="files")
def meet_in_files() -> None:
    MEETING.wait()
    OUTPUT.append("files")
