from index.ingest.readers.settings_text import read_settings


def blocks(text):
    return [(block.level, text[block.start : block.end]) for block in read_settings(text)]


def test_keys_over_further_keys_are_headings():
    text = "# Ports\nserver:\n  port: 80  # http\n  hosts:\n    - a.org\n    - b.org\nname: tea\n"
    assert blocks(text) == [
        (0, "Ports"),
        (1, "server"),
        (0, "port: 80  # http"),
        (2, "hosts"),
        (0, "a.org"),
        (0, "b.org"),
        (0, "name: tea"),
    ]


def test_sections_are_headings():
    assert blocks("[server]\nport = 80\n\n[server.limits]\nfiles = 3\n; why\n") == [
        (1, "server"),
        (0, "port = 80"),
        (2, "server.limits"),
        (0, "files = 3"),
        (0, "why"),
    ]


def test_a_key_without_a_value_is_a_line():
    assert blocks("\ufeffempty:\nnext: 1\n") == [(0, "empty:"), (0, "next: 1")]
