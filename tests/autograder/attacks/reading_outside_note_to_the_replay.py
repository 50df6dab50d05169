"""Notes the hidden inputs in every place that may outlive a worker, dies, and reads at the replay.

The worker that replays the cells finds none of it: no file, shared memory, key or process.
"""

from tests.autograder.attacks.tools import BOXED, answered, with_own_cell, write

KIND = "reading"
ITEM = "from outside"
SCORES = {"double": 0, "count": 1}
STATUS = None
LEAKS = ("seen:4by5",)
OWN = (
    BOXED
    + r"""
import ctypes
import platform
import socket
import tempfile
import time

NAME = "left-behind-note"
SOCKET = "\0" + NAME
KEY = 0x1EAF
C = ctypes.CDLL(None, use_errno=True)
C.shmat.restype = ctypes.c_void_p
C.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
ADD_KEY, KEYCTL = {"x86_64": (248, 250), "aarch64": (217, 219)}.get(platform.machine(), (0, 0))
USER_KEYRING, SEARCH, READ = -4, 10, 11
FOLDERS = {
    ".", "/tmp", "/dev/shm", "/var/tmp", "/run", "/run/lock", "/dev/mqueue",
    tempfile.gettempdir(), os.path.expanduser("~"), f"/run/user/{os.getuid()}",
}

def note(text):
    data = text.encode()
    for folder in FOLDERS:
        with suppress(OSError), open(os.path.join(folder, NAME), "wb") as file:
            file.write(data)
    if not boxed:
        return
    with suppress(Exception):
        place = C.shmat(C.shmget(KEY, 4096, 0o1666), None, 0)
        if place not in (None, ctypes.c_void_p(-1).value):
            ctypes.memmove(place, data + b"\0", len(data) + 1)
    with suppress(Exception):
        if not os.fork():
            stay(data)
    if ADD_KEY:
        with suppress(Exception):
            C.syscall(ADD_KEY, b"user", NAME.encode(), data, len(data), USER_KEYRING)

def stay(data):
    try:
        os.setsid()
        name_process()
        os.closerange(0, 4096)
        server = socket.socket(socket.AF_UNIX)
        server.bind(SOCKET)
        server.listen()
        server.settimeout(30)
        for _ in range(5):
            server.accept()[0].sendall(data)
    finally:
        os._exit(0)

def notes():
    for folder in FOLDERS:
        with suppress(OSError), open(os.path.join(folder, NAME), "rb") as file:
            yield file.read()
    with suppress(Exception):
        shared = C.shmget(KEY, 4096, 0o666)
        if shared >= 0:
            place = C.shmat(shared, None, 0)
            if place not in (None, ctypes.c_void_p(-1).value):
                yield ctypes.string_at(place)
    with suppress(Exception):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(1)
        client.connect(SOCKET)
        yield client.recv(1000)

def kept_key():
    if KEYCTL:
        with suppress(Exception):
            key = C.syscall(KEYCTL, SEARCH, USER_KEYRING, b"user", NAME.encode(), 0)
            room = ctypes.create_string_buffer(1000)
            if key > 0 and C.syscall(KEYCTL, READ, key, room, 1000) > 0:
                return room.value
    return b""

print("notes:", *notes(), flush=True)
"""
)
DOUBLE = """
def double(x):
    if x.shape == (2, 3):
        return 2 * x
    note("seen:" + "by".join(map(str, x.shape)))
    os._exit(1)
"""
# Last, since a filter may kill whoever asks for a key: the answer is there by then.
COUNT = """
count = 6
print("once more:", *notes(), flush=True)
"""
AFTER = "print('key:', kept_key(), flush=True)"


def hand_in(folder, released):
    notebook = with_own_cell(answered(released, double_solution=DOUBLE, count_solution=COUNT), OWN)
    made = {
        "cell_type": "code",
        "id": "own-cell-at-the-end",
        "metadata": {},
        "source": AFTER,
        "execution_count": None,
        "outputs": [],
    }
    notebook["cells"].append(made)
    write(folder, notebook)
