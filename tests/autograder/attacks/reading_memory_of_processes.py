"""Reads the memory of every process through /proc.

Only its own processes are to be seen, and they hold no secret.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "/proc"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
def search_memory(process):
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            start, stop = (int(part, 16) for part in line.split()[0].split("-"))
            if " rw" not in line or stop - start > 2**26:
                continue
            try:
                memory.seek(start)
                search(memory.read(stop - start))
            except (OSError, ValueError):
                pass
            if time.monotonic() - started > 1.5:
                return

own = str(os.getpid())
for process in sorted(os.listdir("/proc")):
    if process.isdigit() and process != own:
        try:
            search_memory(process)
        except OSError:
            pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
