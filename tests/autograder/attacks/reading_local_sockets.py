"""Connects to local sockets, abstract ones and those in files.

Abstract sockets belong to the network, which is unshared.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "the network"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + r"""
import socket

names = {"\0course-canary"}
try:
    with open("/proc/net/unix") as lines:
        names |= {line.split()[-1].replace("@", "\0") for line in lines if "course-canary" in line}
except OSError:
    pass
for name in names:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(0.5)
            connection.connect(name)
            search(connection.recv(4096))
    except OSError:
        pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
