"""Simultaneous opening of the same messages in several windows."""

from __future__ import annotations

from tests.domain.together import at_once
from tests.people import Cast

from portaal.domain.journal.models import Event
from portaal.domain.messaging.models import Reading
from portaal.domain.messaging.verbs import read, send


def test_simultaneous_reads_make_one_reading_and_one_event(committed_cast: Cast) -> None:
    sanne, party = committed_cast.users["sanne"], committed_cast.parties["sanne"]
    data = {"by": committed_cast.users["marieke"], "parties": [party], "body": "Beste,"}
    messages = [send(party.dossier, subject=subject, **data) for subject in ("Vraag", "Sleutel")]
    assert at_once(*[lambda: read(*messages, by=sanne)] * 5) == [None] * 5
    assert Reading.objects.filter(user=sanne, opened__in=messages).count() == 2
    assert Event.objects.filter(verb="messaging.read").count() == 1
