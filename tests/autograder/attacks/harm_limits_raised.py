"""Raises its own limits, its priority, and those of its parent.

Limits are hard ones.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("granted:",)
DOUBLE = (
    BOXED
    + """
import resource

for name in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_FSIZE"):
    limit = getattr(resource, name)
    before = resource.getrlimit(limit)[1]
    with suppress(OSError, ValueError):
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if before != resource.RLIM_INFINITY:
            print("granted" + ":", name)
if boxed:
    with suppress(OSError):
        os.nice(-5)
        print("granted" + ":", "priority")
    with suppress(OSError):
        os.sched_setaffinity(0, range(os.cpu_count()))

def double(x):
    while True:
        x = x + 1
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
