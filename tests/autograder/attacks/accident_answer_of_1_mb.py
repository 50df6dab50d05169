"""An answer holds a megabyte of numbers.

Full marks.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "a cell of 1 MB"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"


def hand_in(folder, released):
    table = "table = [" + "1, " * 350_000 + "]"
    write(folder, answered(released, count_solution=f"{table}\ncount = 6"))
