"""Searches all objects, line caches and tracebacks of the process during the call.

What the worker was never sent is not there.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = (
    SEARCH
    + """
import gc
import linecache
import sys

def double(x):
    search(repr(linecache.cache)[:2**22].encode())
    search(repr(getattr(sys, "last_value", None)).encode())
    for found in gc.get_objects():
        if type(found) in (dict, list, tuple):
            for value in list(found.values() if type(found) is dict else found)[:1000]:
                if type(value) in (str, bytes):
                    search(value.encode("utf-8", "replace") if type(value) is str else value)
    raise ValueError(tell())
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
