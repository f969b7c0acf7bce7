"""Turn a question and its hits into an answer or a refusal. Pure functions."""
