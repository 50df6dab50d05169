"""The sandbox, asked from inside: what a student's code sees, may do, and what it costs."""

import json
import os
import platform
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from autograder import bubblewrap, sandbox, wire
from autograder.course import CourseError
from autograder.inside import seccomp
from autograder.library import Library, needed
from autograder.limits import Limits
from autograder.sandbox import Sandbox, WorkerLost
from rnncore.checking.plain import NotPlain
from tests.autograder import toy

SLOT = 3001
SMALL = Limits(files=2**20, output=1000, reply=2**20, memory=256 * 2**20)
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.fixture(scope="module")
def box():
    made = Sandbox(needed([toy.SETUP]), SLOT)
    yield made
    made.close()


@pytest.fixture
def worker(box):
    made = box.worker(SMALL)
    yield made
    made.kill()


def run(worker, source, seconds=20.0):
    """Run a cell: what it printed, and the error that it ended with."""
    answer = worker.ask("run", seconds, source=source, where="<cell>")
    return answer["printed"], answer.get("raised")


def tell(worker, source):
    """Run a cell and return what it binds to `answer`."""
    printed, raised = run(worker, source)
    assert raised is None, (printed, raised)
    return worker.ask("fetch", 5, path="answer")["value"]


def try_each(worker, statements):
    """Run each statement: the name of its error by its source."""
    return {source: (run(worker, source)[1] or ("nothing",))[0] for source in statements}


def test_it_runs_cells_and_calls_functions(worker):
    assert run(worker, "def f(x):\n    print('hello')\n    return 2 * x") == ("", None)
    asked = worker.ask("call", 5, path="f", arguments=(np.ones(3),), return_args=True)
    assert asked["printed"] == "hello\n"
    result, (given,) = asked["value"]
    assert np.array_equal(result, 2 * given)


def test_it_is_nobody_with_no_right(worker):
    facts = tell(
        worker,
        """
import ctypes, os
c = ctypes.CDLL(None)
header, held = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[1] * 6)
c.capget(ctypes.byref(header), ctypes.byref(held))
answer = {"uids": list(os.getresuid() + os.getresgid()), "groups": os.getgroups(),
          "held": list(held), "bounding": sum(c.prctl(23, n, 0, 0, 0) == 1 for n in range(64)),
          "no_new_privs": c.prctl(39, 0, 0, 0, 0), "seccomp": c.prctl(21, 0, 0, 0, 0),
          "dumpable": c.prctl(3, 0, 0, 0, 0), "pid": os.getpid(), "parent": os.getppid(),
          "umask": os.umask(0), "nice": os.nice(0)}""",
    )
    uid = sandbox.FIRST_UID + SLOT if os.geteuid() == 0 else os.geteuid()
    assert facts["uids"] == [uid] * 6
    if os.geteuid() == 0:
        assert facts["groups"] == []
    assert facts["held"] == [0] * 6
    assert facts["bounding"] == 0
    assert (facts["no_new_privs"], facts["seccomp"], facts["dumpable"]) == (1, 2, 0)
    assert (facts["pid"], facts["parent"]) == (1, 0)


def test_forbidden_calls_are_refused(worker):
    numbers = seccomp.numbers(platform.machine())
    refused = tell(
        worker,
        f"""
import ctypes
c = ctypes.CDLL(None, use_errno=True)
answer = {{}}
for name, number in {numbers!r}.items():
    ctypes.set_errno(0)
    came = c.syscall(number, *[ctypes.c_long(0)] * 6)
    answer[name] = (came, ctypes.get_errno())""",
    )
    assert set(refused) == set(numbers)
    assert {name: came for name, came in refused.items() if came != (-1, 1)} == {}


def test_clone_makes_threads_alone(worker):
    clone = seccomp._NUMBERS[platform.machine()][2]
    came = tell(
        worker,
        f"""
import ctypes, threading
c = ctypes.CDLL(None, use_errno=True)
answer = []
for number, flags in (({clone}, 17), ({clone}, 0x10000000), ({seccomp._CLONE3}, 0)):
    answer.append((c.syscall(number, *[ctypes.c_long(flags)] + [ctypes.c_long(0)] * 5),
                   ctypes.get_errno()))
thread = threading.Thread(target=answer.append, args=("thread",))
thread.start()
thread.join()""",
    )
    assert came == [(-1, 1), (-1, 1), (-1, 38), "thread"]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="other machines have no such calls")
def test_calls_by_another_table_end_the_worker(worker):
    x32 = "import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)"
    with pytest.raises(WorkerLost, match="Python ended"):
        run(worker, x32)


@pytest.mark.parametrize(
    "source",
    [
        "import os; os.fork()",
        "import os; os.forkpty()",
        "import os; os.posix_spawn('/bin/sh', ['sh'], {})",
        "import os; os.execv('/bin/sh', ['sh'])",
        "import subprocess, sys; subprocess.run([sys.executable, '-V'])",
        "import multiprocessing as m; p = m.get_context('fork').Process(); p.start()",
        "import socket; socket.socket()",
        "import socket; socket.socket(socket.AF_UNIX)",
        "import socket; socket.socketpair()",
        "import os; os.memfd_create('x')",
        "import os; os.setuid(0)",
        "import os; os.pidfd_open(1)",
        "import os; os.chroot('/tmp')",
        "import resource as r; r.setrlimit(r.RLIMIT_AS, (r.RLIM_INFINITY,) * 2)",
        "import resource as r; r.setrlimit(r.RLIMIT_CORE, (1000, 1000))",
        "import os; os.nice(-5)",
        "import os; os.mknod('/tmp/x', 0o600 | 0o060000, os.makedev(8, 0))",
    ],
)
def test_processes_networks_and_rights_raise(worker, source):
    assert run(worker, source)[1][0] in ("PermissionError", "OSError", "ValueError")
    assert run(worker, "print('alive')") == ("alive\n", None)


def test_names_cannot_be_looked_up(worker):
    assert run(worker, "import socket; socket.getaddrinfo('localhost', 80)")[1] is not None


def test_nobody_else_is_there(worker):
    came = tell(
        worker,
        """
import os, glob
answer = []
for pid in (-1, *range(2, 400)):
    try:
        os.kill(pid, 0)
        answer.append(pid)
    except OSError:
        pass
answer += glob.glob('/proc/*') + os.listdir('/dev/shm') + os.listdir('/tmp')""",
    )
    assert came == []


def test_only_the_two_pipes_are_open(worker):
    came = tell(
        worker,
        """
import os, stat
answer = []
for number in range(256):
    try:
        answer.append(stat.S_IFMT(os.fstat(number).st_mode))
    except OSError:
        pass""",
    )
    assert came == [0o020000] * 3 + [0o010000] * 2


def test_the_environment_is_its_own(worker):
    came = tell(worker, "import os; answer = {k: v for k, v in os.environ.items()}")
    assert set(came) - {"PWD", "LC_CTYPE"} == set(bubblewrap._ENVIRONMENT)


def test_the_command_line_says_nothing_of_this_machine(worker):
    came = tell(worker, "import sys; answer = [*sys.argv, *sys.path, sys.flags.safe_path]")
    assert str(toy.ROOT) not in repr(came)
    assert came[-1] is True


WRITE_EVERYWHERE = """
import os
answer = []
for folder, folders, names in os.walk('/'):
    if folder in ('/tmp', '/dev/shm'):
        folders.clear()
        continue
    if folder.count('/') > 4:
        folders.clear()
    tries = [lambda: os.mkdir(folder + '/left-behind'),
             lambda: open(folder + '/left-behind', 'w'),
             lambda: os.symlink('/', folder + '/left-behind')]
    for name in names[:3]:
        tries.append(lambda path=folder + '/' + name: open(path, 'r+b'))
        tries.append(lambda path=folder + '/' + name: os.chmod(path, 0o777))
        tries.append(lambda path=folder + '/' + name: os.unlink(path))
    for each in tries:
        try:
            each()
            answer.append(folder)
        except OSError:
            pass
"""


def test_it_writes_nowhere_but_in_its_own_two_folders(worker):
    written = set(tell(worker, WRITE_EVERYWHERE))
    assert written <= {"/dev"}  # the devices there are null, zero, full, random and tty
    came = tell(worker, "import os; answer = sorted(os.listdir('/dev'))")
    assert "left-behind" not in came
    assert not {"sda", "vda", "mem", "kmem", "kvm", "fuse", "net"} & set(came)


def test_all_file_systems_but_its_own_two_are_read_only(worker):
    """Also those of bubblewrap, which all workers share: a neighbour must find nothing there."""
    came = tell(
        worker,
        """
import os
answer = [folder for folder, _, _ in os.walk('/')
          if not os.statvfs(folder).f_flag & os.ST_RDONLY]""",
    )
    assert set(came) == {"/tmp", "/dev/shm"}


@pytest.mark.parametrize("folder", ["/tmp", "/dev/shm"])
def test_its_own_folders_have_their_size(worker, folder):
    came = tell(
        worker,
        f"""
import os
answer, total = [], 0
try:
    for number in range(40):
        with open(f'{folder}/{{number}}', 'wb', buffering=0) as file:
            total += file.write(bytes(2**16))
except OSError as error:
    answer = [error.strerror, total]
for number in range(40):
    if os.path.exists(f'{folder}/{{number}}'):
        os.unlink(f'{folder}/{{number}}')""",
    )
    assert came[0] == "No space left on device"
    assert came[1] <= SMALL.files


def test_one_file_has_the_size_of_them_all_at_most(worker):
    source = "f = open('/tmp/x', 'wb')\nf.seek(2**30)\nf.write(b'x')\nf.flush()"
    assert run(worker, source)[1][0] == "OSError"


def test_files_have_their_number(worker):
    source = "for n in range(9000):\n    open(f'/tmp/{n}', 'w').close()"
    assert run(worker, source)[1][0] == "OSError"


def test_nothing_there_can_be_loaded_as_a_library(box):
    made = box.worker(Limits())
    printed, raised = run(
        made,
        """
import ctypes, ctypes.util, glob, shutil
shutil.copyfile(glob.glob('/course/numpy/**/*.so', recursive=True)[0], '/tmp/x.so')
print('copied')
ctypes.CDLL('/tmp/x.so')""",
    )
    made.kill()
    assert (printed, raised[0]) == ("copied\n", "OSError")


def test_nothing_of_the_repository_is_there(worker):
    came = tell(
        worker,
        f"""
import os
answer = {{
    "top": sorted(os.listdir('/')), "course": sorted(os.listdir('/course')),
    "repository": os.path.exists({str(toy.ROOT)!r}),
    "found": [name for folder, folders, names in os.walk('/course') for name in names
              if name.endswith(('.ipynb', '.pyc', '.git', '.json', '.toml', '.md'))
              and 'numpy' not in folder]}}""",
    )
    assert not came["repository"]
    assert came["found"] == []
    assert {"home", "var", "run", "sys", "etc/passwd", "opt", "mnt"}.isdisjoint(came["top"])
    assert set(came["course"]) == {"autograder", "numpy", "numpy.libs", "rnncore"}


def test_only_modules_of_the_list_are_there(worker):
    modules = [
        *("rnncore.numpy.lstm", "rnncore.torch", "rnncore.plots", "autograder.rebuild"),
        *("autograder.questions", "autograder.prepared", "nbgrader", "pytest", "pip", "IPython"),
        *("site", "sitecustomize", "matplotlib", "torch"),
    ]
    came = try_each(worker, [f"import {name}" for name in modules])
    came.pop("import site")  # of the standard library; it was not run
    assert set(came.values()) == {"ModuleNotFoundError"}
    assert run(worker, "import numpy, json, rnncore.checking, rnncore.numpy.parameters")[1] is None


def test_the_standard_library_works_with_its_shared_libraries(worker):
    """Some modules load a library of the system, which lies behind folders to pass through."""
    source = """
import importlib.util, sys
answer = []
for name in ('bz2', 'ctypes', 'decimal', 'hashlib', 'lzma', 'sqlite3', 'ssl', 'uuid', 'zlib'):
    try:
        __import__(name)
    except ImportError as error:
        answer.append(str(error))"""
    assert [each for each in tell(worker, source) if "cannot open shared object" in each] == []


def test_what_the_set_up_imports_is_there_with_what_it_needs():
    with_lstm = needed(["from rnncore.numpy import LSTMParams, lstm_forward"])
    assert "rnncore.numpy.lstm" in with_lstm.modules
    assert "rnncore.numpy.gru" not in with_lstm.modules


def test_memory_ends_in_an_error_and_not_in_death(worker):
    assert run(worker, "x = bytearray(2**30)")[1][0] == "MemoryError"
    assert run(worker, "import numpy; numpy.ones(2**28)")[1][0].endswith("MemoryError")
    assert run(worker, "print('alive')") == ("alive\n", None)


def test_threads_have_their_number(box):
    made = box.worker(Limits(threads=8))
    source = """
import threading, time
stop = threading.Event()
started = 0
try:
    for n in range(100):
        threading.Thread(target=stop.wait, daemon=True).start()
        started += 1
finally:
    stop.set()
    print(started)"""
    printed, raised = run(made, source)
    made.kill()
    if os.geteuid() == 0:
        assert int(printed) < 8
        assert raised[0] == "RuntimeError"


def test_output_is_bounded_and_says_so(worker):
    printed, _ = run(worker, "for n in range(10**4):\n    print('x' * 100)")
    assert len(printed) < SMALL.output + 100
    assert printed.endswith("[the rest is cut]")


def test_a_large_answer_is_described(worker):
    run(worker, "import numpy\nlarge = numpy.zeros(2**20)\ntext = 'x' * 2**23")
    for name in ("large", "text"):
        came = worker.ask("fetch", 5, path=name)["value"]
        assert came == NotPlain("an answer of 8 MiB, which is too large")


def lost(worker, source, seconds=20.0):
    with pytest.raises(WorkerLost) as caught:
        run(worker, source, seconds)
    with pytest.raises(OSError, match="Bad file descriptor"):  # there is nobody left to ask
        run(worker, "pass")
    return caught.value.kind


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("died", "import os; os._exit(0)"),
        ("died", "import ctypes; ctypes.string_at(0)"),
        ("died", "import ctypes; ctypes.CDLL(None).abort()"),
        (
            "died",
            "import os\nfor n in range(3, 64):\n    try: os.close(n)\n    except OSError: pass",
        ),
        ("time", "while True: pass"),
        ("time", "x = 7 ** (7 ** 10)"),
        ("wall", "import time; time.sleep(100)"),
    ],
)
def test_a_lost_worker_says_how(box, kind, source):
    made = box.worker(Limits(wall_factor=8.0))
    assert lost(made, source, 0.3) == kind
    assert made.seconds < 2
    if kind == "time":
        assert made.seconds >= 0.3


WRITE = """
import os, stat
for n in range(3, 64):
    try:
        if stat.S_ISFIFO(os.fstat(n).st_mode):
            os.write(n, GARBAGE)
    except OSError:
        pass
"""


def answer_frame(raw=b"", **parts):
    text = json.dumps(parts).encode()
    return wire.HEADER.pack(len(text), len(raw)) + text + raw


NUMBERS = {"a": ["<f8", 0, [2]]}


@pytest.mark.parametrize(
    ("garbage", "words"),
    [
        (b"x" * 100, "too large"),
        (b"\xff" * 8, "too large"),
        (wire.HEADER.pack(0, SMALL.reply + 1), "too large"),
        (b"\0" * 8, "no JSON"),
        (answer_frame(), "another question"),
        (answer_frame(number=2, printed=""), "another question"),
        (answer_frame(number=1.0, printed=""), "another question"),
        (answer_frame(number=True, printed=""), "another question"),
        (answer_frame(number=NUMBERS, printed="", raw=bytes(16)), "another question"),
        (answer_frame(number=1), "does not say what was printed"),
        (answer_frame(number=1, printed=3), "does not say what was printed"),
        (answer_frame(number=1, printed="", value={"h": "x"}), "a handle came"),
    ],
)
def test_what_breaks_the_rules_is_refused(box, garbage, words):
    made = box.worker(SMALL)
    with pytest.raises(WorkerLost, match=words) as caught:
        run(made, WRITE.replace("GARBAGE", repr(garbage)))
    assert caught.value.kind == "refused"


def test_who_is_interrupted_leaves_no_worker_in_the_middle_of_a_frame(box, monkeypatch):
    def stop(*parts):
        raise KeyboardInterrupt

    made = box.worker(SMALL)
    with monkeypatch.context() as patch:
        patch.setattr(wire, "unpack", stop)
        with pytest.raises(KeyboardInterrupt):
            run(made, "pass")
    with pytest.raises(OSError, match="Bad file descriptor"):
        run(made, "pass")


def test_an_answer_drop_by_drop_does_not_stop_the_clock(box):
    made = box.worker(Limits(wall_factor=2.0))
    drops = """
import os, stat, time
n = next(n for n in range(63, 3, -1) if is_pipe(n))
os.write(n, b'\\0\\1\\0\\0' + b'\\0' * 4)
while True:
    os.write(n, b' ')
    time.sleep(0.005)"""
    helper = """
import os, stat
def is_pipe(n):
    try:
        os.write(n, b'')
        return stat.S_ISFIFO(os.fstat(n).st_mode)
    except OSError:
        return False
"""
    started = time.monotonic()
    assert lost(made, helper + drops, 0.5) in ("wall", "time")
    assert time.monotonic() - started < 20


def test_it_stands_still_while_nothing_is_asked(worker):
    run(
        worker,
        "import threading\ncount = [0]\ndef go():\n    while True: count[0] += 1\n"
        "threading.Thread(target=go, daemon=True).start()",
    )
    time.sleep(0.05)  # a stop takes effect soon, not at once
    before = worker.seconds
    time.sleep(0.2)
    assert worker.seconds == before
    first = worker.ask("fetch", 5, path="count")["value"]
    run(worker, "import time\ntime.sleep(0.05)")  # here the thread has its turn
    assert worker.ask("fetch", 5, path="count")["value"] > first


def test_workers_do_not_see_each_other(box):
    first, second = box.worker(SMALL), box.worker(SMALL)
    run(first, "import numpy, builtins\nnumpy.left = builtins.left = 1\nopen('/tmp/left', 'w')")
    run(first, "open('/dev/shm/left', 'w')\nimport rnncore.checking as c\nc.check = print")
    third = box.worker(SMALL)
    for other in (second, third):
        came = tell(
            other,
            "import numpy, builtins, os, rnncore.checking as c\n"
            "answer = [hasattr(numpy, 'left'), hasattr(builtins, 'left'), c.check is print,"
            " os.listdir('/tmp'), os.listdir('/dev/shm')]",
        )
        assert came == [False, False, False, [], []]
    assert tell(first, "import os; answer = os.listdir('/tmp')") == ["left"]
    for each in (first, second, third):
        each.kill()


def test_a_killed_worker_leaves_the_others(box, worker):
    other = box.worker(SMALL)
    other.kill()
    other.kill()
    assert run(worker, "print('alive')") == ("alive\n", None)


def test_torch_comes_without_its_recurrent_classes():
    made = Sandbox(needed(["import torch"]), SLOT + 1)
    worker = made.worker(Limits())
    try:
        names = ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell")
        came = try_each(worker, [f"import torch; torch.nn.{name}(1, 1)" for name in names])
        assert set(came.values()) == {"NotImplementedError"}
        deep = "from torch.nn.modules.rnn import LSTM; LSTM(1, 1)"
        assert run(worker, deep)[1][0] == "NotImplementedError"
        assert tell(worker, "answer = torch.nn.Linear(2, 2)(torch.ones(1, 2)).shape[1]") == 2
    finally:
        worker.kill()
        made.close()


@pytest.fixture
def fake_bubblewrap(tmp_path, monkeypatch):
    """Put a script in the place of bubblewrap."""

    def put(script):
        if script is not None:
            (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        bubblewrap.find_bubblewrap.cache_clear()

    yield put
    bubblewrap.find_bubblewrap.cache_clear()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "bubblewrap is missing.*apt install bubblewrap"),
        ("echo no rights >&2; exit 1", r"cannot make a sandbox on this machine \(no rights\)"),
        ('[ "$#" -lt 30 ] || { echo no mounts >&2; exit 1; }', "did not start: no mounts"),
        ("exit 0", "did not start: no word why"),
    ],
)
def test_without_bubblewrap_there_is_no_sandbox(fake_bubblewrap, script, words):
    fake_bubblewrap(script)
    with pytest.raises(CourseError, match=words):
        Sandbox(needed([toy.SETUP]), SLOT + 2)


def test_a_library_that_fails_to_import_is_named():
    library = needed([toy.SETUP])
    broken = Library(library.modules, library.packages, (*library.imports, "no_such_module"))
    with pytest.raises(CourseError, match=r"did not start: ModuleNotFoundError.*no_such_module"):
        Sandbox(broken, SLOT + 2)


def test_a_worker_that_keeps_a_right_is_never_handed_out(box, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root has a right to keep")
    monkeypatch.setattr(box, "_uid", 0)
    with pytest.raises(CourseError, match="still has rights"):
        box.worker(SMALL)


def test_a_sandbox_that_ended_says_so():
    made = Sandbox(needed([toy.SETUP]), SLOT + 2)
    made._process.send_signal(signal.SIGKILL)
    made._process.wait()
    with pytest.raises(CourseError, match=r"ended|could not make a worker"):
        made.worker(SMALL)
    made.close()


def test_the_command_keeps_all_namespaces_apart(monkeypatch):
    for uid, alone in ((0, "--cap-add CAP_SETUID"), (1000, "--unshare-user --disable-userns")):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        options = " ".join(bubblewrap._namespaces())
        assert alone in options
        assert "--cap-drop ALL" in options
        for each in ("pid", "net", "ipc", "uts"):
            assert f"--unshare-{each}" in options


def test_the_filter_names_each_way_out():
    ways = "execve execveat fork vfork ptrace process_vm_writev mount umount2 pivot_root chroot "
    ways += "unshare setns bpf userfaultfd io_uring_setup keyctl socket socketpair connect bind "
    ways += "memfd_create open_by_handle_at pidfd_getfd pidfd_open setuid setresuid capset shmget"
    assert set(ways.split()) <= set(seccomp._CALLS)


def test_each_forbidden_call_has_one_number():
    for machine in seccomp._NUMBERS:
        numbers = seccomp.numbers(machine)
        assert len(set(numbers.values())) == len(numbers)
    assert len(set(seccomp._CALLS)) == len(seccomp._CALLS)
    missing = set(seccomp.numbers("x86_64")) - set(seccomp.numbers("aarch64"))
    assert missing == {"fork", "vfork"}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_system(machine):
    if not HEADERS[machine].is_file():
        pytest.skip("the system's headers are not installed")
    found = re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", HEADERS[machine].read_text())
    system = {name: int(number) for name, number in found}
    ours = seccomp.numbers(machine) | {"clone": seccomp._NUMBERS[machine][2], "clone3": 435}
    assert {n: (ours[n], system[n]) for n in ours if n in system and ours[n] != system[n]} == {}
    assert len(set(ours) & set(system)) > 60


def test_an_unknown_machine_is_refused(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "sparc")
    with pytest.raises(OSError, match="does not know the architecture sparc"):
        seccomp.install()
