"""What the attacks share: right answers, ways to hand in, and words that must never come out."""

import json

from tests.autograder import toy

RIGHT = {
    "double_solution": "def double(x):\n    return 2 * x",
    "count_solution": "count = 6",
}
NEIGHBOUR_CANARY = "dunlin_only_in_a_neighbours_answer"
ENVIRONMENT_CANARY = "sandpiper_only_in_the_environment"
BESIDE_CANARY = "turnstone_only_beside_the_course"
HISTORY_CANARY = "whimbrel_only_in_the_history"
NETWORK_CANARY = "phalarope_only_on_the_network"
CANARIES = (
    *toy.CANARIES,
    NEIGHBOUR_CANARY,
    ENVIRONMENT_CANARY,
    BESIDE_CANARY,
    HISTORY_CANARY,
    NETWORK_CANARY,
)
PORTS = range(48700, 48800)  # the attacks on the network look here alone
SOCKET_NAME = "course-canary"
MARK = "left-behind"  # name of what an attack would leave: processes and files
LOST = {0, None}

# A thief who knows what to look for: no canary is spelt out, and little is printed.
SEARCH = r"""
import os, re, time

started = time.monotonic()
loot = set()

def search(data):
    found = re.findall(rb"[a-z]+_only_(?:in|on|beside)_[a-z_]+|(?<=4, 5\)\) \+ )5\.4321", data)
    loot.update(word.decode() for word in found)

def search_file(path, limit=2**20):
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return
    try:
        search(os.read(handle, limit))
    except OSError:
        pass
    finally:
        os.close(handle)

def search_tree(root, seconds=1.0):
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if os.path.join(folder, f) not in ("/proc", "/sys")]
        for name in names:
            if time.monotonic() - started > seconds:
                return
            if name.endswith((".ipynb", ".py", ".json", ".txt", ".db", ".csv", ".env", ".html")):
                search_file(os.path.join(folder, name))

def tell():
    text = "loot: " + " ".join(sorted(loot))
    print(text)
    return text
"""

# Harm is done inside a box alone: never as root, never where the machine's processes are seen.
BOXED = """
import os
from contextlib import suppress

def processes():
    with suppress(OSError):
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return []

boxed = os.getuid() != 0 and len(processes()) < 60

def name_process():
    import ctypes
    ctypes.CDLL(None).prctl(15, b"left-behind", 0, 0, 0)
"""


def answered(released, **answers):
    """Return a released notebook with right answers, but for those that are given."""
    return toy.answered(released, **RIGHT | answers)


def with_own_cell(notebook, source, kind="code", **metadata):
    """Put a cell that the student added before the first answer."""
    made = {"cell_type": kind, "id": "own-cell", "metadata": metadata, "source": source}
    if kind == "code":
        made |= {"execution_count": None, "outputs": []}
    position = notebook["cells"].index(cell_of(notebook, "double_solution"))
    notebook["cells"].insert(position, made)
    return notebook


def cell_of(notebook, grade_id):
    """Return the cell of that grade_id."""
    return next(
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    )


def write(folder, notebook, name="toy.ipynb"):
    """Hand in a notebook, a text or bytes."""
    if isinstance(notebook, dict):
        notebook = json.dumps(notebook, indent=1) + "\n"
    if isinstance(notebook, str):
        notebook = notebook.encode()
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook)
