"""Puts a relay of its own between the worker and its pipes, which lets one byte pass in 2 seconds.

The time of a call is counted until its whole reply is there, not from byte to byte.
"""

from tests.autograder.attacks.tools import answered, write

KIND = "harm"
ITEM = "from outside"
SCORES = {"double": {0, 3}, "count": 1}
STATUS = "graded"
DOUBLE = r"""
import fcntl
import os
import stat
import threading
import time

def drip(source, target):
    while data := os.read(source, 1):
        os.write(target, data)
        time.sleep(2)

def put_relays():
    for fd in (1, *range(3, 256)):
        try:
            mode = os.fstat(fd).st_mode
            way = fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE
        except OSError:
            continue
        if way == os.O_RDONLY or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            continue
        target = os.dup(fd)
        source, entrance = os.pipe()
        threading.Thread(target=drip, args=(source, target), daemon=True).start()
        os.dup2(entrance, fd)

def double(x):
    if x.shape != (2, 3):
        put_relays()
    return 2 * x
"""


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
