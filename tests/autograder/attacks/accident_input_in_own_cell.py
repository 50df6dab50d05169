"""A cell of the student's own asks for input().

There is nobody to answer: the cell fails, and costs nothing.
"""

from tests.autograder.attacks.tools import answered, with_own_cell, write

KIND = "accident"
ITEM = "input()"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
OWN = """
name = input("Your name? ")
"""


def hand_in(folder, released):
    write(folder, with_own_cell(answered(released), OWN))
