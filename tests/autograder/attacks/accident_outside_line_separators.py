"""The answers hold the line separators of Unicode, from a text that was pasted out of a PDF.

To Python they end no line: a comment goes on behind them, and a text keeps each as one character.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "accident"
ITEM = "from outside"
SCORES = {"double": 3, "count": 1}
STATUS = "graded"
DOUBLE = (
    "def double(x):\n"
    "    # Twice the input,\u2028by linearity:\u2029each entry\x85of x\x1cis\x0bdoubled.\n"
    '    return x * len("""\u2028\x85""")'
)
COUNT = "count = 6  # rows\u2028times columns\x1dare\x1eall\u2029entries"


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE, count_solution=COUNT))
