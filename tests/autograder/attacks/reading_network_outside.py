"""Sends a packet and a question for a name to the world.

There is no route to anywhere.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "the network"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
LEAKS = ("a-packet-went-out", "a-raw-socket-opened")
DOUBLE = (
    SEARCH
    + """
import socket

for kind, address in ((socket.SOCK_DGRAM, "192.0.2.1"), (socket.SOCK_STREAM, "192.0.2.1")):
    try:
        with socket.socket(socket.AF_INET, kind) as connection:
            connection.settimeout(0.3)
            connection.connect((address, 9))
            connection.send(b"x")
            loot.add("a-packet" + "-went-out")
    except OSError as error:
        if isinstance(error, TimeoutError):
            loot.add("a-packet" + "-went-out")
for family in (socket.AF_PACKET, socket.AF_NETLINK):
    try:
        with socket.socket(family, socket.SOCK_RAW):
            if family == socket.AF_PACKET:
                loot.add("a-raw-socket" + "-opened")
    except OSError:
        pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
