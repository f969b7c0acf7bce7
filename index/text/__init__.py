"""Split text into chunks, sentences and terms. Pure functions."""
