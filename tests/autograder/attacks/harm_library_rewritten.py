"""Appends to the files of the library, of NumPy and of Python.

They are read-only.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "files"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("can write",)
DOUBLE = (
    BOXED
    + """
import rnncore
import rnncore.checking.comparing as comparing
import numpy
import json

written = []
for module in (rnncore, comparing, numpy, json, os):
    for path in (module.__file__, getattr(module, "__cached__", None)):
        with suppress(OSError, TypeError), open(path, "r+"):
            written.append(path)
        with suppress(OSError, TypeError):
            os.utime(path)
            written.append(path)
print("can" + " write" if written else "")

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
