"""Raises an exception whose text cannot be had: it loops, then raises another.

The question is lost, and the run goes on.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "output floods"
SCORES = {"double": 0, "count": 1}
STATUS = None
DOUBLE = r"""
class Hostile(Exception):
    def __str__(self):
        raise self
    __repr__ = __str__
    @property
    def args(self):
        while True:
            pass

Hostile.__name__ = "x" * 10_000_000 + "\n\x1b[2J<script>"

def double(x):
    raise Hostile
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
