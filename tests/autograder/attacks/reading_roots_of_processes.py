"""Walks through the root, the working directory and the files of every process.

Only its own processes are to be seen.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "/proc"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = (
    SEARCH
    + """
for process in [name for name in os.listdir("/proc") if name.isdigit()] + ["self"]:
    for place in ("cwd", "root/tmp", "root/home", "map_files"):
        search_tree(f"/proc/{process}/{place}", seconds=1.5)
    for up in range(5):
        search_tree(f"/proc/{process}/cwd/" + "../" * up, seconds=1.5)
    try:
        for number in os.listdir(f"/proc/{process}/fd"):
            search_file(f"/proc/{process}/fd/{number}")
    except OSError:
        pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
