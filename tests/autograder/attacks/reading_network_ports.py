"""Connects to every listening port of this machine that the kernel lists.

There is no network, not even this machine's.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "the network"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import socket

ports = set()
for table in ("/proc/net/tcp", "/proc/net/tcp6"):
    try:
        with open(table) as lines:
            ports |= {int(line.split()[1].split(":")[1], 16) for line in list(lines)[1:]}
    except OSError:
        pass
for port in sorted(ports & set(range(48700, 48800))):
    for host in ("127.0.0.1", "::1"):
        try:
            with socket.create_connection((host, port), timeout=0.5) as connection:
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
