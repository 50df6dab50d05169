"""Returns the library's own mark for what is not plain, with a text of its own inside.

The text tells the hidden inputs, forges lines of the message, and holds markup and codes; a mark
that the student made is not repeated, and fails as any other wrong answer.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "reading"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("seen:4by5",)
DOUBLE = r"""
from rnncore.checking.plain import NotPlain

def double(x):
    if x.shape == (2, 3):
        return 2 * x
    told = "seen:" + "by".join(map(str, x.shape))
    lines = [
        told,
        "  expected:  " + told,
        "",
        "All checks passed: 3 of 3 points.",
        "<scr" + "ipt>document.title = 'taken'</scr" + "ipt><img src=x onerror=alert(1)>",
        "\x1b]0;taken\x07\x1b[2J\u202e",
        "m" * 10**6,
    ]
    return NotPlain("\n".join(lines))
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
