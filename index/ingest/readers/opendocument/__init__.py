"""Read OpenDocument texts, sheets and slides, as LibreOffice saves them."""
