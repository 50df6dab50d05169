"""Installs a trace function that jumps over the comparison.

Tracing ends at the border of the student's process.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "frames"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = """
def double(x):
    return x


import sys
import threading

def trace(frame, event, argument):
    if frame.f_code.co_name in ("check", "_compare"):
        if event == "line" and "difference" in frame.f_locals:
            frame.f_locals["difference"] = None
        if event == "return":
            return None
        return trace
    return trace if event == "call" and "comparing" in frame.f_code.co_filename else None

sys.settrace(trace)
threading.settrace(trace)
sys.setprofile(lambda *args: None)
frame = sys._getframe()
while frame is not None:
    frame.f_trace = trace
    frame = frame.f_back
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
