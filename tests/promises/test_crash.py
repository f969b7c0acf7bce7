"""A builder that is killed at any moment leaves a whole index, which is read meanwhile and completed by the next."""

import os

import pytest
from support.crash import kill_builders

pytestmark = pytest.mark.usefixtures("read_here")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@needs_fork
def test_a_killed_builder_leaves_a_whole_index(folder, index, tmp_path):
    kill_builders(folder, index, tmp_path, 5, seed=1)


@needs_fork
@pytest.mark.slow
def test_hundreds_of_killed_builders_leave_a_whole_index(folder, index, tmp_path):
    kill_builders(folder, index, tmp_path, 300, seed=2)
