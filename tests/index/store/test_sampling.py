"""Passages chosen from all over an index."""

from index.library import Library


def test_a_long_document_gives_no_more_passages_than_others_and_from_all_over_it(folder, index, encoder):
    parts = "".join(f"# Part {number}\n\nThis is part {number} of many parts.\n\n" for number in range(60))
    (folder / "long.md").write_text(parts, "utf-8")
    library = Library(folder, index, lambda: encoder)
    assert library.sample(9) == []
    library.start_build()
    library.wait()
    sample = library.sample(9)
    assert [passage.path for passage in sample].count("long.md") == 3
    assert {passage.path for passage in sample} == {"coffee.txt", "long.md", "tea.md"}
    starts = [passage.start for passage in sample if passage.path == "long.md"]
    assert starts == sorted(starts) and starts[0] < 20 and starts[-1] > len(parts) / 2
    assert len(library.sample(2)) <= 2
