"""Reads the whole memory of its own process.

What the worker was never sent is not in its memory.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "/proc"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
parts = ("kestrel", "heron", "plover", "avocet", "dunlin", "sandpiper", "turnstone", "whimbrel")
patterns = [bird.encode() + b"_on" + b"ly_" for bird in parts]
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        start, stop = (int(part, 16) for part in line.split()[0].split("-"))
        if " rw" not in line or stop - start > 2**26:
            continue
        try:
            memory.seek(start)
            data = memory.read(stop - start)
        except (OSError, ValueError):
            continue
        for pattern in patterns:
            for found in re.finditer(pattern + rb"[a-z_]{4,}", data):
                loot.add(found[0].decode())

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
