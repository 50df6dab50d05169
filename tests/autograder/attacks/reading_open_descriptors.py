"""Reads from every open descriptor, from its start.

Every descriptor is closed but two pipes; reading from these costs this submission's answers alone.
"""

from tests.autograder.attacks.tools import SEARCH, answered, write

KIND = "reading"
ITEM = "/proc"
SCORES = {"double": 0, "count": 1}
STATUS = "graded"
DOUBLE = (
    SEARCH
    + """
import stat

for number in range(256):
    try:
        if stat.S_ISREG(os.fstat(number).st_mode):
            os.lseek(number, 0, 0)
            search(os.read(number, 2**22))
        elif stat.S_ISDIR(os.fstat(number).st_mode):
            search(repr(os.listdir(number)).encode())
            for name in os.listdir(number):
                search_file(f"/proc/self/fd/{number}/{name}")
    except OSError:
        pass

def double(x):
    raise ValueError(tell())

tell()
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
