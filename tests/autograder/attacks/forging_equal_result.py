"""Returns an object that equals everything.

Only plain data cross, by exact type.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "equal-to-everything objects"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
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


def double(x):
    return Equal()
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
