import pytest

from qa.markup import style_of, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("> [!NOTE]\n> Shields **fit**.", "Shields fit."),
        ("[`/bin/tea`](https://a.example/tea)", "/bin/tea"),
        ("## Boards {#boards}", "## Boards"),
        ("see [the guide](https://a.exam", "see the guide"),
        ("the guide](https://a.example) says", "the guide says"),
        ("**Ink stains. ", "Ink stains. "),
        ("***Ink stains.*** 2***3", "Ink stains. 2***3"),
        ("2 ** 3 and a**b", "2 ** 3 and a**b"),
        ("~~Cold~~ hot", "Cold hot"),
        ("Tea[^1] is hot", "Tea is hot"),
        ("<b>Hot</b> tea<br>with&nbsp;milk", "Hot tea with\xa0milk"),
        ('href="https://a.example/x">the page', "the page"),
        ('see <a href="https://a.ex', "see "),
        ("a <!-- secret --> b", "a  b"),
        ('<Image src="/a.png" /> Tea', " Tea"),
        ("a <script>x</script> and 1 < 2 > 0", "a <script>x</script> and 1 < 2 > 0"),
        ("`<td>` is a cell, `**x**` is code", "<td> is a cell, **x** is code"),
        ("`a`\n\nnot `code", "a\n\nnot `code"),
        ("{: .note }\nHot", "\nHot"),
        ('!!! note "Careful', "Careful"),
        ("{% include tea.html %}Hot", "Hot"),
    ],
)
def test_marks_of_markdown_and_of_html_in_it_are_left_out(text, shown):
    assert visible(text, "a.md") == shown


@pytest.mark.parametrize(
    ("path", "text", "shown"),
    [
        ("a.rst", "See `the docs <http://a.example>`_, :ref:`Tea` and ``code``", "See the docs, Tea and code"),
        ("a.adoc", "See https://a.example[the docs], *hot* <<tea,Tea>> `x`", "See the docs, hot Tea x"),
        ("a.org", "See [[http://a.example][the docs]], =x= and /hot/ tea", "See the docs, x and hot tea"),
        ("a.txt", "**Hot** [tea](x) <b>&amp;", "**Hot** [tea](x) <b>&amp;"),
        ("A.MD.gz", "**Hot** tea", "Hot tea"),
    ],
)
def test_each_language_has_marks_of_its_own(path, text, shown):
    assert visible(text, path) == shown


def test_hidden_ranges_count_characters_of_the_text():
    text = "Hot **tea**"
    style = style_of(text, "a.md")
    assert style.hidden == ((4, 6), (9, 11)) and style.elements == ((6, 9, "strong"),)
    assert style.shifted(4).hidden == ((0, 2), (5, 7))
