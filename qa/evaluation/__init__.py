"""Measure answers on files of questions."""
