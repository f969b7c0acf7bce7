"""Every format, from the file to the quote, with the real model. One index has all formats, and each is asked alone."""

from collections.abc import Sequence

import pytest
from support.formats import FACTS, FORMATS, PARTS

from index.build import build
from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.types import ContextText, SearchResult
from index.verify import verify
from qa.answer.pipeline import answer
from qa.types import Answer


class OneDocument:
    """Search one document of an index."""

    def __init__(self, searcher: Searcher, path: str) -> None:
        self._searcher, self._only = searcher, frozenset({path})
        self.similarities = searcher.similarities

    def search(self, question: str, k: int, context: Sequence[ContextText] = ()) -> SearchResult:
        return self._searcher.search(question, k, context, only=self._only)


@pytest.fixture(scope="module")
def searcher(model, tmp_path_factory):
    place = tmp_path_factory.mktemp("formats")
    sources, index = place / "sources", place / "index"
    sources.mkdir()
    for name, (make, _) in FORMATS.items():
        (sources / name).write_bytes(make(FACTS))
    *_, report = build(sources, index, model)
    assert (report.documents, report.unreadable, report.partial) == (len(FORMATS), {}, {})
    with index_of(index).open() as store:
        assert verify(store, sources) == []
    return Searcher(index, model)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_questions_get_the_right_quotes_with_their_place_in_every_format(name, searcher):
    unit, wrong, row = FORMATS[name][1], [], 1
    document = OneDocument(searcher, name)
    for part, (title, facts) in enumerate(PARTS.items(), 1):
        for question, fact, expected in facts:
            row += 1
            reply = answer(question, document)
            assert isinstance(reply, Answer), question
            for citation in reply.citations:
                assert citation.passage.path == name
                assert citation.quote in citation.passage.text
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
