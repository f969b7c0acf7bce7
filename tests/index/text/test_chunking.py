from hypothesis import given, settings
from hypothesis import strategies as st

from index.ingest.formats import read
from index.text.chunking import MAX_PASSAGE_CHARACTERS, sentences, split
from index.types import Block, Document


def count(texts):
    return [len(text.split()) for text in texts]


def passages(name, text, limit=100):
    return list(split(read(name, text.encode()), count, limit))


def whole(text):
    """A document of one paragraph. Reading would leave giant words out."""
    return Document(path="a.txt", text=text, blocks=(Block(0, len(text)),))


def said(text):
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


def test_abbreviations_decimals_and_quotations_do_not_end_sentences():
    assert said('Dr. Lee paid $3.50 at 5 p.m. on Monday. "Is it so?" he asked. It was.') == [
        "Dr. Lee paid $3.50 at 5 p.m. on Monday.",
        '"Is it so?" he asked.',
        "It was.",
    ]


def test_a_wrapped_line_does_not_end_a_sentence():
    assert said("Steep it\n   for two minutes. Drink.") == ["Steep it\n   for two minutes.", "Drink."]


def test_a_row_of_a_table_is_one_sentence_unless_it_takes_more_than_half_of_a_passage():
    row = "Item: 7.; Rule: No milk. No sugar.; Fine: 5."
    document = Document(path="a.txt", text=row, blocks=(Block(0, len(row), kind="table_row"),))
    whole_row, parted_row = (next(split(document, count, limit)).sentences for limit in (18, 17))
    assert whole_row == ((0, len(row)),)
    assert len(parted_row) > 1


def test_the_section_is_the_path_of_headings_above():
    text = "# Tea\n\nHot.\n\n## Green\n\nCool.\n\n# Coffee\n\nStrong.\n"
    assert [(p.section, p.text) for p in passages("a.md", text)] == [
        (("Tea",), "Hot."),
        (("Tea", "Green"), "Cool."),
        (("Coffee",), "Strong."),
    ]


def test_short_neighbours_under_one_heading_are_one_passage():
    assert [p.text for p in passages("a.md", "# Tea\n\nHot.\n\nSweet.\n")] == ["Hot.\n\nSweet."]


def test_long_paragraphs_are_passages_of_their_own():
    long = "Tea is hot and sweet. " * 14
    assert [p.text for p in passages("a.md", f"{long}\n\n{long}\n")] == [long.strip(), long.strip()]


def test_a_paragraph_over_the_limit_is_cut_evenly_at_sentence_ends():
    long = " ".join(f"Sentence number {n} has six words." for n in range(30))
    assert [len(p.sentences) for p in passages("a.md", long)] == [15, 15]


def test_a_sentence_over_the_limit_is_cut_between_words():
    first, second = (p.text.split() for p in passages("a.txt", "tea " * 150))
    assert first + second == ["tea"] * 150
    assert max(len(first), len(second)) <= 100


def test_a_word_of_100_kilobytes_is_cut_too():
    cut = list(split(whole("x" * 100_000), lambda texts: [len(text) for text in texts], 254))
    assert max(len(p.text) for p in cut) <= 254
    assert sum(len(p.text) for p in cut) == 100_000


MARKS = [
    "\n",
    "\r\n",
    "\r",
    "\n\n",
    "\u2028",
    "\u0085",
    "\f",
    "\t",
    " ",
    "# ",
    "- ",
    "> ",
    "```\n",
    "---\n",
    "===",
    "1. ",
]
WORDS = [
    "Tea is hot. ",
    "Is it? ",
    "e.g. 3.5 ",
    "🍵",
    "👨\u200d👩\u200d👧",
    "e\u0301",
    "茶很热。",
    "شاي ساخن. ",
    "\ufeff",
    "\u200b",
    "...",
]
TABLE = "| a | b |\n|---|---|\n"
ODD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
TEXTS = st.lists(st.sampled_from([*MARKS, *WORDS, TABLE]) | ODD, max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, name=st.sampled_from(["a.md", "a.txt"]))
def test_every_passage_and_sentence_is_a_range_of_the_file(text, name):
    content = text.encode()
    last = 0
    for passage in split(read(name, content), count, 20):
        assert content.decode("utf-8")[passage.start : passage.end] == passage.text
        assert passage.start >= last
        last = passage.end
        at = passage.start
        for start, end in passage.sentences:
            assert at <= start < end <= passage.end
            assert text[start:end].strip() == text[start:end]
            at = end


def count_word_pieces(texts):
    """As a tokenizer counts: a word of over 100 characters is one unknown token."""
    return [sum(1 if len(word) > 100 else -(-len(word) // 4) for word in text.split()) for text in texts]


def test_a_word_that_counts_as_one_token_is_cut_by_its_characters():
    text = f"The key is {'a' * 1_000_000} as written."
    cut = list(split(whole(text), count_word_pieces, 230))
    assert max(len(passage.text) for passage in cut) <= MAX_PASSAGE_CHARACTERS
    assert sum(len(passage.text) for passage in cut) >= 1_000_000


def test_blanks_do_not_make_a_passage_long():
    text = "\n".join(f"Word{number}{' ' * 15_000}." for number in range(20))
    cut = list(split(whole(text), count_word_pieces, 230))
    assert max(len(passage.text) for passage in cut) < 30_000


def test_a_giant_paragraph_is_counted_in_small_parts_and_yields_passages_as_it_goes():
    text = "x=1;" * 250_000
    counted = []

    def count(texts):
        counted.append(sum(map(len, texts)))
        return count_word_pieces(texts)

    passages = split(whole(text), count, 230)
    next(passages)
    assert sum(counted) < 100_000
    list(passages)
    assert max(counted) < 100_000
