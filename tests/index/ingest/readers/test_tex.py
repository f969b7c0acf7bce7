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
