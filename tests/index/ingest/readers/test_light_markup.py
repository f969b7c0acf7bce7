from index.ingest.readers.light_markup import read_asciidoc, read_org


def shown(text, read):
    return [(block.level, block.kind, text[block.start : block.end]) for block in read(text)]


def test_asciidoc_has_headings_lists_and_code():
    text = (
        "= Tea\n:toc:\n\n== Green\n\nSteep it.\n\n* hot\n* not too hot\n\n[source]\n----\n== no heading\n----\n\nEnd.\n"
    )
    assert shown(text, read_asciidoc) == [
        (1, "heading", "Tea"),
        (2, "heading", "Green"),
        (0, "paragraph", "Steep it."),
        (0, "list_item", "hot"),
        (0, "list_item", "not too hot"),
        (0, "code", "== no heading"),
        (0, "paragraph", "End."),
    ]


def test_org_has_headings_lists_and_code():
    text = "#+title: Drinks\n* TODO Tea :hot:\n** Green\nSteep it.\n#+begin_src sh\nbrew\n#+end_src\n- one\n- two\n"
    assert shown(text, read_org) == [
        (1, "heading", "Drinks"),
        (1, "heading", "Tea"),
        (2, "heading", "Green"),
        (0, "paragraph", "Steep it."),
        (0, "code", "brew"),
        (0, "list_item", "one"),
        (0, "list_item", "two"),
    ]


def test_code_that_never_ends_is_read():
    assert shown("Tea.\n\n----\nbrew\n", read_asciidoc) == [(0, "paragraph", "Tea."), (0, "code", "brew")]


def test_rows_of_tables_and_numbered_items_are_blocks():
    text = (
        "== Tea\n\n. Steep it\nwell.\n.. in a pot\n. Pour.\n\n|===\n|Lake |Ducks\n\n|Thun |4821\n|===\n\nEnd of it.\n"
    )
    assert shown(text, read_asciidoc)[1:] == [
        (0, "list_item", "Steep it\nwell."),
        (0, "list_item", "in a pot"),
        (0, "list_item", "Pour."),
        (0, "table_row", "Lake |Ducks"),
        (0, "table_row", "Thun |4821"),
        (0, "paragraph", "End of it."),
    ]
    assert shown("| Lake | Ducks |\n|------+-------|\n| Thun |  4821 |\n", read_org) == [
        (0, "table_row", "Lake | Ducks"),
        (0, "table_row", "Thun |  4821"),
    ]
