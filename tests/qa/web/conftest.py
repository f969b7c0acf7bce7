"""The page's components and handlers without a browser."""

from collections.abc import Callable

import gradio as gr
import pytest

from index.library import Library
from qa.service import QAService
from qa.web.components import Components, make_components
from qa.web.handlers import Handlers
from qa.web.library_handlers import EvaluationHandlers, LibraryHandlers


@pytest.fixture
def components() -> Components:
    with gr.Blocks():
        return make_components(is_watching=False, may_change=True)


@pytest.fixture
def handlers(components: Components, library: Library, service: QAService) -> Handlers:
    return Handlers(components, library, service, may_change=True)


@pytest.fixture
def library_handlers(components: Components, library: Library, service: QAService) -> LibraryHandlers:
    return LibraryHandlers(components, library, service, may_change=True)


@pytest.fixture
def evaluation_handlers(components: Components, library: Library, service: QAService) -> EvaluationHandlers:
    return EvaluationHandlers(components, library, service)


@pytest.fixture
def event() -> Callable[..., gr.EventData]:
    """Return an event with the data of the button that was clicked."""
    return lambda **data: gr.EventData(None, data)
