"""Read PDF files: glyphs, lines, columns, paragraphs and pictures of pages."""
