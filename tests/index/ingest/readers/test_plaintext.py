from index.ingest.readers.plaintext import read_plaintext

PAGE = """A History of Tea

Posted on

Tea has been drunk for a very long time in many places. It came to Europe late.

Early Days: Trade and Taste

In the early days tea was traded over land by caravans. It cost a fortune then.

👎 Dislike"""


def blocks(text):
    return [(block.level, text[block.start : block.end]) for block in read_plaintext(text)]


def test_lines_of_their_own_above_text_are_headings_and_left_overs_are_nothing():
    assert blocks(PAGE) == [
        (1, "A History of Tea"),
        (0, "Tea has been drunk for a very long time in many places. It came to Europe late."),
        (2, "Early Days: Trade and Taste"),
        (0, "In the early days tea was traded over land by caravans. It cost a fortune then."),
    ]


def test_wrapped_lines_flow_and_short_ones_stand():
    wrapped = "The kettle should be filled with fresh water that is cold\nand then heated slowly."
    assert blocks(wrapped) == [(0, wrapped)]
    assert blocks("Milk\nTwo eggs\nA large bag of flour") == [(0, "Milk"), (0, "Two eggs"), (0, "A large bag of flour")]


def test_an_underlined_line_is_a_heading():
    assert blocks("Tea\n===\n\nmilk\n") == [(1, "Tea"), (0, "milk")]


def test_numbered_headings_nest():
    text = "1 Tea\n\nTea is a drink made of leaves.\n\n1.1 Green\n\nGreen tea is not left to wither.\n"
    assert [entry for entry in blocks(text) if entry[0]] == [(1, "1 Tea"), (3, "1.1 Green")]


def test_a_list_loses_its_marks():
    assert blocks("- milk\n- eggs\n") == [(0, "milk"), (0, "eggs")]


def test_notes_without_a_single_sentence_are_kept_whole():
    assert blocks("Milk\n\nEggs\n\nWifi password: hunter2\n") == [
        (0, "Milk"),
        (0, "Eggs"),
        (0, "Wifi password: hunter2"),
    ]


def test_carriage_returns_end_lines_too():
    assert blocks("Tea\r\n\r\nTea is a drink made of leaves.\r\n") == [
        (1, "Tea"),
        (0, "Tea is a drink made of leaves."),
    ]
