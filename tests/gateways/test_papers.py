from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.gateways.test_pdf import OFFICE

from portaal.demo.papers import PAPERS, make_paper

DATA = {
    "office": OFFICE,
    "at": datetime(2026, 11, 20, 9, 41, tzinfo=UTC),
    "number": "2026.004521",
    "handler": "Marieke de Wit",
    "client": "mevrouw De Boer",
    "client_full": "mevrouw Sanne de Boer",
    "address": ["Parklaan 3", "3581 KA Utrecht"],
}


@pytest.mark.parametrize("name", PAPERS)
def test_paper_has_its_title_and_dossier_and_no_placeholder(name: str) -> None:
    reader = PdfReader(BytesIO(make_paper(name, DATA)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert PAPERS[name].heading in text
    assert DATA["number"] in text
    assert "$" not in text


def test_papers_exist_for_eight_types_of_dossier() -> None:
    assert len({paper.dossier_type for paper in PAPERS.values()}) == 8
