"""The page's handlers without a browser."""

import gradio as gr
import pytest

from index.library import Library
from qa.service import QAService
from qa.web.components import EvaluateTab, make_evaluate_tab
from qa.web.document_handlers import DocumentHandlers
from qa.web.evaluation_handlers import EvaluationHandlers
from qa.web.handlers import Handlers
from qa.web.library_handlers import LibraryHandlers
from qa.web.status_cache import StatusCache


@pytest.fixture
def status(library: Library) -> StatusCache:
    return StatusCache(library)


@pytest.fixture
def handlers(library: Library, service: QAService, status: StatusCache) -> Handlers:
    return Handlers(library, service, status, may_change=True)


@pytest.fixture
def document_handlers(library: Library, service: QAService) -> DocumentHandlers:
    return DocumentHandlers(library)


@pytest.fixture
def library_handlers(library: Library, service: QAService, status: StatusCache) -> LibraryHandlers:
    return LibraryHandlers(library, service, status, may_change=True)


@pytest.fixture
def evaluate_tab() -> EvaluateTab:
    with gr.Blocks(), gr.Tab() as tab:
        return make_evaluate_tab(tab)


@pytest.fixture
def evaluation_handlers(evaluate_tab: EvaluateTab, library: Library, service: QAService) -> EvaluationHandlers:
    return EvaluationHandlers(evaluate_tab, library, service)
