"""Tries mount, unshare, setuid, ptrace, chroot and more, and tells what it may.

None is granted.
"""

from tests.autograder.attacks.tools import BOXED, answered, write

KIND = "harm"
ITEM = "processes"
SCORES = {"double": 0, "count": {0, 1}}
STATUS = None
LEAKS = ("granted:",)
DOUBLE = (
    BOXED
    + """
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {
    "mount": lambda: libc.mount(b"none", b"/not/a/folder", b"tmpfs", 0, None),
    "new user": lambda: libc.unshare(0x10000000),
    "new mounts": lambda: libc.unshare(0x00020000),
    "setuid": lambda: libc.setuid(0) if os.getuid() else -1,
    "chroot": lambda: libc.chroot(b"/"),
    "host name": lambda: libc.sethostname(b"toy", 3) if boxed else -1,
    "trace": lambda: libc.ptrace(16, os.getppid(), 0, 0) if boxed else -1,
    "modules": lambda: libc.syscall(313, -1, b"", 0) if boxed else -1,
}
GRANTED = {"mount": (0, 2, 20), "modules": (0, 9)}
for name, make in CALLS.items():
    ctypes.set_errno(0)
    done = make() == 0 or ctypes.get_errno() in GRANTED.get(name, ())
    if done:
        print("granted" + ":", name)
libc.ptrace(17, os.getppid(), 0, 0)

def double(x):
    return x
"""
)


def hand_in(folder, released):
    write(folder, answered(released, double_solution=DOUBLE))
