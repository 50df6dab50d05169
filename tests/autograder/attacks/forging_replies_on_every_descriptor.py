"""Writes replies that claim success to every open descriptor during the call.

A reply that breaks the wire's rules costs this question.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "forging"
ITEM = "forged replies"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
DOUBLE = r"""
import json
import os
import pickle
import struct

def double(x):
    claims = [
        json.dumps({"id": n, "status": "ok", "passed": True, "result": None, "score": 3}).encode()
        for n in range(4)
    ]
    claims += [pickle.dumps({"score": 3}), b"\x00" * 64, b"\xff" * 64]
    for number in range(3, 64):
        for claim in claims:
            for head in (b"", struct.pack("<I", len(claim)), struct.pack(">Q", len(claim))):
                try:
                    os.set_blocking(number, False)
                    os.write(number, head + claim + b"\n")
                except OSError:
                    pass
    return x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
