"""Every format, from the file to the quote, with the real model."""

import pytest
from support.formats import FACTS, FORMATS, PARTS

from index.build import build
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.verify import verify
from qa.answer.pipeline import answer
from qa.types import Answer


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_questions_get_the_right_quotes_with_their_place_in_every_format(name, model, tmp_path):
    make, unit = FORMATS[name]
    sources, index = tmp_path / "sources", tmp_path / "index"
    sources.mkdir()
    (sources / name).write_bytes(make(FACTS))
    *_, report = build(sources, index, model)
    assert (report.documents, report.unreadable, report.partial) == (1, {}, {})
    searcher, wrong, row = Searcher(index, model), [], 1
    with index_of(index).open() as store:
        text = store.document(name).text
        assert verify(store, sources) == []
    for part, (title, facts) in enumerate(PARTS.items(), 1):
        for question, fact, expected in facts:
            row += 1
            reply = answer(question, searcher)
            assert isinstance(reply, Answer), question
            for citation in reply.citations:
                assert text[citation.start : citation.end] == citation.quote
            right = [citation for citation in reply.citations if expected in citation.quote]
            if not right or fact not in right[0].quote:
                wrong.append((question, reply.text))
                continue
            passage, at = right[0].passage, right[0].start + right[0].quote.index(fact)
            page = passage.page_at(at)
            if (page, passage.unit) != ({"": None, "row": row}.get(unit, part), unit or "page"):
                wrong.append((question, page, passage.unit))
            if unit != "row" and passage.section[-1:] != ("Notes" if name == "notes.eml" else title,):
                wrong.append((question, passage.section))
    assert wrong == []
