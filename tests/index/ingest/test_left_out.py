from index.ingest.formats import read
from index.ingest.left_out import ReadableText, note, readable
from index.types import Block


def kept(text, *blocks):
    found = readable(text, tuple(Block(*block) for block in blocks))
    return [text[block.start : block.end] for block in found.blocks], found.left_out


def test_giant_words_are_cut_out_and_the_rest_stays():
    text = "Before. " + "QUJD" * 300 + " After.\n" + "a" * 499
    assert kept(text, (0, text.index("\n")), (text.index("\n") + 1, len(text))) == (
        ["Before.", "After.", "a" * 499],
        1200,
    )


def test_minified_lines_are_cut_out_and_prose_and_other_scripts_are_not():
    minified = "function(a,b){return a+b};" * 200
    prose, chinese = "Tea is a drink of leaves. " * 200, "茶是用茶葉和水做成的飲料。" * 300
    text = "\n".join((minified, prose, chinese))
    spans, start = [], 0
    for line in text.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    assert kept(text, *spans) == ([prose.strip(), chinese], len(minified))


def test_a_file_of_encoded_data_is_said_to_be_left_out():
    document = read("data.txt", b"Key\n\n" + b"QUJD" * 1000 + b"\n")
    assert document.note == "data.txt is only partly read: 4,000 characters of encoded or minified text are left out."
    assert [document.text[block.start : block.end] for block in document.blocks] == ["Key"]


def test_the_note_joins_all_reasons():
    assert note("a.pdf", "page", list(range(1, 12)), ReadableText(blocks=(), left_out=7)) == (
        "a.pdf is only partly read: pages 1, 2, 3, 4, 5, 6, 7, 8 and 3 more have no text, only pictures or nothing; "
        "7 characters of encoded or minified text are left out."
    )
    assert note("a.pdf", "page", [], ReadableText(blocks=())) == ""
