"""Sources whose tokens are words, to check sentences against, and a fake language model."""

import pytest
from support.fakes import FakeEncoder
from support.llm_server import language_model

from index.text.chunking import split
from index.types import Block, Document, Hit
from qa.written.sources import Sources


@pytest.fixture(scope="module")
def server():
    with language_model() as model:
        yield model


@pytest.fixture
def sources_of():
    """Make the sources of texts, each a passage of its own document."""

    def make(*texts, encoder=None, path="doc{}.txt"):
        encoder = encoder or FakeEncoder()
        passages = [
            passage
            for number, text in enumerate(texts, 1)
            for passage in split(
                Document(path=path.format(number), text=text, blocks=(Block(0, len(text)),)),
                encoder.count,
                encoder.limit,
            )
        ]
        return Sources([Hit(passage=passage, score=1.0) for passage in passages], encoder)

    return make
