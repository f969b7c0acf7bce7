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
    text = "#+title: x\n* TODO Tea :hot:\n** Green\nSteep it.\n#+begin_src sh\nbrew\n#+end_src\n- one\n- two\n"
    assert shown(text, read_org) == [
        (1, "heading", "Tea"),
        (2, "heading", "Green"),
        (0, "paragraph", "Steep it."),
        (0, "code", "brew"),
        (0, "list_item", "one"),
        (0, "list_item", "two"),
    ]


def test_code_that_never_ends_is_read():
    assert shown("Tea.\n\n----\nbrew\n", read_asciidoc) == [(0, "paragraph", "Tea."), (0, "code", "brew")]
