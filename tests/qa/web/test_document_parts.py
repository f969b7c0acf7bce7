from index.types import Block, Document
from qa.web.document_parts import parts_of


def blocks(text, *pieces):
    """A block for each (piece of the text, kind)."""
    return tuple(Block(text.index(piece), text.index(piece) + len(piece), 0, kind) for piece, kind in pieces)


def parts(text, *pieces, path="a.md", quote=None, **more):
    return list(parts_of(Document(path=path, text=text, blocks=blocks(text, *pieces), **more), quote))


def test_items_are_one_list_with_their_numbers():
    found = parts("3. One\n4. Two\n\n* Three", *((name, "list_item") for name in ("One", "Two", "Three")))
    assert [(part.tag, [(item.text, item.number) for item in part.items]) for part in found] == [
        ("ol", [("One", "3"), ("Two", "4")]),
        ("ul", [("Three", "")]),
    ]
    assert [part.number for part in found] == [0, 2]


def test_items_that_are_all_written_as_the_first_are_drawn_with_their_numbers():
    text = "1. One\n   `x`\n1. Two\n1. Three"
    found = parts(text, ("One", "list_item"), ("x", "code"), ("Two", "list_item"), ("Three", "list_item"))
    assert [item.number for part in found for item in part.items] == ["1", "2", "3"]


def test_an_item_that_brings_its_own_number_or_bullet_has_it_once():
    found = parts("1. Call\n2. Leave\n• Meet", *((name, "list_item") for name in ("1. Call", "2. Leave", "• Meet")))
    assert [(part.tag, [(item.text, item.number) for item in part.items]) for part in found] == [
        ("ol", [("Call", "1"), ("Leave", "2")]),
        ("ul", [("Meet", "")]),
    ]


def test_the_lines_of_a_paragraph_of_mail_are_joined_and_those_of_a_signature_are_not():
    body = (
        "the offsite takes place from 3 to 6 March in Lisbon. We have booked rooms in\nthe Hotel Avenida for everyone."
    )
    found = parts(
        f"{body}\n\nAda\nQuay Street 7", (body, "paragraph"), ("Ada\nQuay Street 7", "paragraph"), path="a.eml"
    )
    assert [part.is_wrapped for part in found] == [True, False]


def test_a_list_is_divided_where_a_page_begins():
    found = parts("One\nTwo", ("One", "list_item"), ("Two", "list_item"), path="a.pdf", pages=((0, 1), (4, 2)))
    assert [(part.page, len(part.items)) for part in found] == [("page 1", 1), ("page 2", 1)]


def test_code_keeps_its_indents_and_ends_at_a_fence():
    text = "```\n  if x:\n    go\n```\n\n```\nstop\n```"
    found = parts(text, ("if x:", "code"), ("go", "code"), ("stop", "code"))
    assert [part.text for part in found] == ["  if x:\n    go", "stop"]


def test_rows_that_leave_out_empty_cells_have_the_same_columns():
    text = "Name: Ada; Room: 4\nName: Bob; Floor: 2; Room: 5"
    rows = [(line, "table_row") for line in text.splitlines()]
    (table,) = parts(text, *rows, path="a.csv", quote=(6, 9))
    assert table.columns == ("Name", "Floor", "Room")
    assert table.rows[0].cells == ('<mark class="here">Ada</mark>', "", "4")


def test_a_table_of_html_has_cells_and_a_header():
    text = "<tr><th>Day</th><th>Hours</th></tr>\n<tr><td>Monday</td>\n<td>10</td></tr>"
    first, second = text.split("\n", 1)
    (table,) = parts(text, (first, "table_row"), (second, "table_row"))
    assert table.columns == ("Day", "Hours") and table.rows[0].cells == ("Monday", "10")
