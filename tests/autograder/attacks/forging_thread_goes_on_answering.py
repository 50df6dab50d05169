"""Leaves a thread that writes to every descriptor after the call.

An answer that nobody asked for costs this question; no mark comes of it.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "threads"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = r"""
import os
import threading
import time

REPLY = b'{"format": 1, "id": 1, "result": 6, "passed": true}\n'

def answer():
    for _ in range(200):
        for number in range(3, 32):
            try:
                os.set_blocking(number, False)
                os.write(number, len(REPLY).to_bytes(4, "little") + REPLY)
            except OSError:
                pass
        time.sleep(0.001)

def double(x):
    threading.Thread(target=answer, daemon=True).start()
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
