"""The options that connect a language model."""

import argparse
import os

from index.ingest.limits import path_value
from qa.errors import UsageError
from qa.written.connection import Endpoint, endpoint_of


def add_llm(parser: argparse.ArgumentParser) -> None:
    """Add the options of written answers."""
    group = parser.add_argument_group("written answers")
    text = "let a language model write the answers: the address of an OpenAI-compatible endpoint (OPENAI_BASE_URL)"
    group.add_argument("--llm", metavar="URL", help=text)
    group.add_argument("--llm-model", metavar="NAME", help="the language model's name at that endpoint")
    text = "a file with the endpoint's key, instead of OPENAI_API_KEY"
    group.add_argument("--llm-key-file", type=path_value, metavar="FILE", help=text)
    group.add_argument("--strict", action="store_true", help="show only written sentences that the documents support")


def llm_of(options: argparse.Namespace) -> Endpoint | None:
    """Return the endpoint that the options name; None if they name none.

    Raises:
        UsageError: they do not fit together, or see `endpoint_of`.
    """
    endpoint = endpoint_of(options.llm, options.llm_model, options.llm_key_file, os.environ)
    if options.strict and endpoint is None:
        raise UsageError("--strict needs a language model: name it with --llm URL and --llm-model NAME.")
    return endpoint
