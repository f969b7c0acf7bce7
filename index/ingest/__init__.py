"""Read a folder of files into documents. Knows no store and no model."""
