"""Answers with an object that tells whatever it is compared with.

Nothing compares with an object of a student's.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "the tests"
SCORES = {"double": 3, "count": 0}
STATUS = "graded"
LEAKS = ("the right answer is 6...",)
COUNT = """
class Spy:
    def __eq__(self, other):
        print(f"the right answer is {other!r}" + "." * 3)
        raise ValueError(f"the right answer is {other!r}" + "." * 3)
    __ne__ = __lt__ = __gt__ = __sub__ = __rsub__ = __array_ufunc__ = __eq__
    __hash__ = None
    def __float__(self):
        import sys
        self == sys._getframe(1).f_locals
    __int__ = __index__ = __array__ = __len__ = __iter__ = __bool__ = __float__

count = Spy()
"""


def hand_in(folder, released):
    write(folder, answered(released, count_solution=COUNT))
