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


def test_titles_underlined_by_signs_are_headings_and_no_code():
    text = "Tea\n===\nAnna Gerber\n\nGreen tea\n---------\nSteep it.\n\nAnd more\n~~~~~~~~\nPour.\n\n----\nbrew\n----\n"
    assert shown(text.replace("===", "====").replace("Tea\n", "Teas\n"), read_asciidoc) == [
        (1, "heading", "Teas"),
        (0, "paragraph", "Anna Gerber"),
        (2, "heading", "Green tea"),
        (0, "paragraph", "Steep it."),
        (3, "heading", "And more"),
        (0, "paragraph", "Pour."),
        (0, "code", "brew"),
    ]


def test_comments_anchors_and_directives_of_asciidoc_are_no_text():
    text = (
        "[[tea]]\n== Tea\n\n////\nNot for readers.\n\nNor this.\n////\n\n.A warning\n====\nIt is hot.\n====\n\n"
        "include::more.adoc[]\nifdef::web[]\nimage::pot.png[A pot]\nendif::[]\n\n"
        "'''\n* one\n+\nmore of it\n\n--\nEnd.\n--\n"
    )
    assert shown(text, read_asciidoc) == [
        (2, "heading", "Tea"),
        (0, "paragraph", "A warning"),
        (0, "paragraph", "It is hot."),
        (0, "list_item", "one"),
        (0, "paragraph", "more of it"),
        (0, "paragraph", "End."),
    ]


def test_a_row_with_each_cell_on_a_line_of_its_own_is_one_block():
    text = '[cols="1,1"]\n|===\n|Lake |Ducks\n\n|Thun\n|4821\n|Brienz\na|97, and\nsome geese\n|===\n\nEnd.\n'
    assert shown(text, read_asciidoc) == [
        (0, "table_row", "Lake |Ducks"),
        (0, "table_row", "Thun\n|4821"),
        (0, "table_row", "Brienz\na|97, and\nsome geese"),
        (0, "paragraph", "End."),
    ]


def test_comments_and_drawers_of_org_are_no_text():
    text = (
        "* TODO [#A] Tea :hot:\n:PROPERTIES:\n:ID: 12\n:END:\n# a remark\n#+BEGIN_COMMENT\nNot for readers.\n"
        "#+END_COMMENT\n#+BEGIN_QUOTE\nSteep it.\n#+END_QUOTE\n#+begin_src sh\n# brew\n#+end_src\n"
    )
    assert shown(text, read_org) == [
        (1, "heading", "Tea"),
        (0, "paragraph", "Steep it."),
        (0, "code", "# brew"),
    ]
