"""Answers with an object that equals everything.

Only plain data cross, by exact type.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 3, "count": 0}
STATUS = "graded"
COUNT = """
class Equal:
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    def __hash__(self):
        return 0
    def __getattr__(self, name):
        return self
    def __call__(self, *args, **kwargs):
        return self
    def __bool__(self):
        return True
    def __abs__(self):
        return self
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    __sub__ = __rsub__ = __add__ = __mul__ = __and__ = __call__

count = Equal()
"""


def hand_in(folder, released):
    write(folder, answered(released, count_solution=COUNT))
