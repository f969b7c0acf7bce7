import numpy as np
import pytest
from support.fakes import FakeEncoder

from index.search import query as preparing
from index.search.query import join, prepare

ENCODER = FakeEncoder()


def query(question, held, passages=100, language="english", common=()):
    return prepare(
        question,
        ENCODER.encode_question(question),
        ENCODER.token_axes(),
        language=language,
        held=held,
        passages=passages,
        is_common=lambda word: word in common,
    )


def test_terms_are_those_that_tell_with_shares_of_one_the_rarer_the_more():
    found = query("How long does green tea steep?", {"green": 5, "tea": 50, "steep": 1, "long": 9})
    assert list(found.terms) == ["long", "green", "tea", "steep"]
    assert sum(found.terms.values()) == pytest.approx(1.0)
    assert found.terms["steep"] > found.terms["green"] > found.terms["long"] > found.terms["tea"]
    assert found.own_terms == {"long", "green", "tea", "steep"}


def test_a_usual_word_that_no_document_holds_weighs_no_more_than_the_median_of_the_others():
    held = {"tea": 50, "steep": 10, "minut": 2}
    unknown, usual = (query("zebra tea steep minutes", held, common=known) for known in ((), ("zebra",)))
    assert unknown.terms["zebra"] > unknown.terms["minut"]
    assert usual.terms["zebra"] == pytest.approx(usual.terms["steep"])


def test_tokens_share_the_weight_and_function_words_have_little_of_it():
    found = query("Hello, what is the kettle?", {"kettl": 1, "the": 100, "is": 90})
    shares = dict(zip(("hello", "what", "is", "the", "kettle"), found.token_shares.tolist(), strict=True))
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-5)
    assert shares["kettle"] > 4 * max(shares["hello"], shares["what"], shares["is"])
    assert shares["the"] <= shares["hello"]
    assert len(found.telling) == 1


def test_a_question_without_words_has_no_shares():
    found = query("?!", {})
    assert (found.token_shares.tolist(), dict(found.terms), found.keywords, found.unknown) == ([], {}, (), ())


@pytest.mark.parametrize(
    ("question", "held", "unknown"),
    [
        ("What does sensor S-187 measure?", {"sensor": 2, "measur": 3}, ["s187"]),
        ("What does sensor S-187 measure?", {"sensor": 2, "measur": 3, "s187": 1}, []),
        ("When was Mozart born?", {"born": 4}, ["mozart"]),
        ("when was mozart born?", {"born": 4}, []),
        ("Zebras eat what?", {}, []),
        ("What does article 12 say?", {"articl": 9}, ["12"]),
        ("What is a quokka?", {}, []),
    ],
)
def test_codes_and_names_that_no_document_holds_are_unknown(question, held, unknown):
    assert [one.casefold().replace("-", "") for one in query(question, held).unknown] == unknown


def test_a_code_is_searched_as_one_term_if_a_document_holds_it():
    assert query("error E-1043", {"e1043": 1, "e": 50, "1043": 1}).keywords == ("error", "e1043")
    assert set(query("getUserById", {"user": 3, "get": 9}).terms) == {"get", "user"}


def test_keywords_are_the_rarest_terms_and_at_least_one(monkeypatch):
    monkeypatch.setattr(preparing, "MAX_MATCHES", 10)
    assert query("green tea steeps", {"green": 4, "tea": 90, "steep": 6}).keywords[-2:] == ("green", "steep")
    assert query("tea", {"tea": 90}).keywords == ("tea",)


def test_neighbours_are_searched_as_one_word_too():
    assert "teapot" in query("tea pot", {"teapot": 1}).keywords


def test_an_earlier_text_adds_its_terms_by_its_weight():
    own, earlier = query("minutes", {"minut": 2}), query("black tea", {"black": 1, "tea": 1})
    joined = join(own, [(earlier, 0.5)])
    assert dict(joined.terms) == pytest.approx({"minut": 2 / 3, "black": 1 / 6, "tea": 1 / 6})
    assert joined.token_shares.sum() == pytest.approx(1.0)
    assert joined.token_shares.tolist() == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert float(np.linalg.norm(joined.vector)) == pytest.approx(1.0)
    assert joined.own_terms == {"minut"}
    assert len(joined.telling) == 1


def test_a_term_of_both_counts_by_the_greater_of_its_weights():
    both = join(query("tea", {"tea": 1}), [(query("tea", {"tea": 1}), 0.5)])
    assert dict(both.terms) == {"tea": 1.0}
