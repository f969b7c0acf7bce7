import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Large blocks between small ones. The first is freed alone: from then on glibc would keep blocks of its size.
SCRIPT = """
import sys
from pathlib import Path
from index.freed_memory import give_back_large_blocks

def own_kb():
    return int(Path("/proc/self/status").read_text().partition("RssAnon:")[2].split()[0])

if sys.argv[1] == "given back":
    give_back_large_blocks()
del (first := [b"x" * 2**24])[:]
before = own_kb()
large, small = [], []
for number in range(40):
    large.append(b"x" * 2**21)
    small.append(b"x" * 2**16)
large.clear()
print(own_kb() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
def test_freed_blocks_are_given_back_though_small_ones_lie_between_them():
    command = [sys.executable, "-c", SCRIPT]
    run = subprocess.run([*command, "given back"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(run.stdout) < 8 * 1024  # 83,000 of 80 MB if they are not
