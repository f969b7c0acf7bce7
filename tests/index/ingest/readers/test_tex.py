from index.ingest.limits import Limits
from index.ingest.readers.tex import read_tex


def read(text):
    return [(element.level, element.kind, element.text) for element in read_tex(text.encode(), Limits())]


def test_sections_paragraphs_lists_and_accents_are_read_without_commands():
    text = r"""\documentclass{article}
\title{On \emph{tea}}
\newcommand{\house}{Tea House}
\begin{document}
\maketitle % not this
\section{Green}\label{green}
The \house{} of Z\"urich costs 50\% more.

\begin{itemize}
\item hot
\item[b] not too hot
\end{itemize}
\end{document}
not this"""
    assert read(text) == [
        (1, "paragraph", "On tea"),
        (2, "paragraph", "Green"),
        (0, "paragraph", "The Tea House of Zürich costs 50% more."),
        (0, "list_item", "hot"),
        (0, "list_item", "b not too hot"),
    ]


def test_tables_formulas_and_code_are_kept_whole():
    text = r"""\begin{tabular}{|l|r|}\hline Lake & Ducks \\ \hline Thun & 4821 \\ \end{tabular}
\[ \frac{a}{b} = 7 \]
\begin{verbatim}
brew --tea
\end{verbatim}"""
    assert read(text) == [
        (0, "table_row", "Lake: Thun; Ducks: 4821."),
        (0, "formula", "a/b = 7"),
        (0, "code", "brew --tea"),
    ]


def test_broken_sources_are_read_as_far_as_they_go():
    assert read(r"\section{Open \textbf{tea") != []
    assert read(r"Tea \begin{x} {{ milk $ a") != []


def test_powers_indices_and_links_are_text():
    text = r"""Area $m^2$, $10^{-3}$ and H$_2$O at 20~$^\circ$C, $x_{i+1}$, the 2\textsuperscript{nd}.
See \href{https://example.org/a_b}{the site}."""
    assert read(text) == [(0, "paragraph", "Area m², 10⁻³ and H₂O at 20 °C, x_(i+1), the 2nd. See the site.")]
    assert read(r"\[ \sum_{i=1}^n x_i^2 \]") == [(0, "formula", "∑_(i=1)ⁿ xᵢ²")]


def test_items_of_numbered_lists_have_numbers_and_a_caption_stands_alone():
    text = r"""\begin{enumerate}\item hot \begin{enumerate}\item in a pot\end{enumerate}\item cold\end{enumerate}
\begin{itemize}\item green\end{itemize}
\begin{figure}\caption{A pot}\end{figure} After."""
    assert read(text) == [
        (0, "list_item", "1. hot"),
        (0, "list_item", "(a) in a pot"),
        (0, "list_item", "2. cold"),
        (0, "list_item", "green"),
        (0, "paragraph", "A pot"),
        (0, "paragraph", "After."),
    ]


def test_rows_above_the_only_line_within_a_table_name_its_columns():
    rows = r"Tea & Milk \\ {line} Oolong & none \\ {between} Assam & some \\ \bottomrule"
    names = ["Tea: Oolong; Milk: none.", "Tea: Assam; Milk: some."]
    for line in (r"\midrule", r"\hline"):
        table = r"\begin{tabular}{ll}\toprule " + rows.format(line=line, between="") + r"\end{tabular}"
        assert [text for _, _, text in read(table)] == names
    grid = r"\begin{tabular}{ll}" + rows.format(line=r"\hline", between=r"\hline") + r"\end{tabular}"
    assert [text for _, _, text in read(grid)] == ["Tea | Milk", "Oolong | none", "Assam | some"]


def test_entries_of_the_index_are_no_text():
    assert [text for _, _, text in read(r"Green\index{tea!green}\indexdef{green tea} tea.")] == ["Green tea."]
