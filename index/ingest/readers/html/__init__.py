"""Read HTML: main text, headings and tables."""
