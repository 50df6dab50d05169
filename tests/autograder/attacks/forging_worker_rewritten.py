"""Finds the functions that encode and send replies, and replaces them.

What comes then breaks the wire's rules, and costs this question.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = """
import sys
import types

def double(x):
    def claim(*args, **kwargs):
        return b'{"passed": true}'
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None) or ""
        if "python3" in file and module.__name__ != "__main__":
            continue
        for name, found in list(getattr(module, "__dict__", {}).items()):
            if isinstance(found, types.FunctionType) and any(
                word in name for word in ("send", "reply", "encode", "write", "plain", "frame")
            ):
                module.__dict__[name] = claim
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
