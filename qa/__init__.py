"""Answer questions from a folder of documents with quoted, cited sentences, or decline."""

from qa.types import Answer, Citation, NoAnswer

__all__ = ["Answer", "Citation", "NoAnswer"]
