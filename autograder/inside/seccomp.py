"""A filter of system calls: no other process, no program, no socket, no mount, no namespace."""

from __future__ import annotations

import ctypes
import platform
import struct

_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS = 0x00050000 | 1, 0x00050000 | 38
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_CLONE_THREAD = 0x10000
_FIRST_ARGUMENT = 16  # where struct seccomp_data holds its low half

# Audit code of the architecture, and its numbers of the calls, in the order of _CALLS.
_CALLS = [
    "execve",
    "execveat",
    "fork",
    "vfork",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "mount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "fsconfig",
    "fspick",
    "mount_setattr",
    "unshare",
    "setns",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "kexec_load",
    "init_module",
    "finit_module",
    "delete_module",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "settimeofday",
    "clock_settime",
    "adjtimex",
    "clock_adjtime",
    "quotactl",
    "personality",
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mq_open",
    "memfd_create",
    "memfd_secret",
    "name_to_handle_at",
    "open_by_handle_at",
    "fanotify_init",
    "pidfd_getfd",
    "pidfd_open",
    "lookup_dcookie",
    "seccomp",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
]
_NUMBERS = {
    "x86_64": (
        0xC000003E,
        """
        59 322 57 58 101 310 311 440 312
        165 166 155 161 429 428 430 432 431 433 442
        272 308 321 298 323 425 426 427
        250 248 249 246 175 313 176 169 167 168
        163 164 227 159 305 179 135
        41 53 42 49 50 43 288
        29 30 68 64 240 319 447
        303 304 300 438 434 212
        317 105 106 113 114 117 119 116 126
        """,
        56,
    ),
    "aarch64": (
        0xC00000B7,
        """
        221 281 -1 -1 117 270 271 440 272
        40 39 41 51 429 428 430 432 431 433 442
        97 268 280 241 282 425 426 427
        219 217 218 104 105 273 106 142 224 225
        89 170 112 171 266 60 92
        198 199 203 200 201 202 242
        194 196 186 190 180 279 447
        264 265 262 438 434 18
        277 146 144 145 143 147 149 159 91
        """,
        220,
    ),
}
_CLONE3 = 435


def install() -> None:
    """Put the filter in force for this process; it can never be taken off.

    Raises
    ------
    OSError
        If this machine's architecture is not known or the kernel refuses.
    """
    machine = platform.machine()
    if machine not in _NUMBERS:
        raise OSError(f"the filter of system calls does not know the architecture {machine}")
    program = _program(machine)
    library = ctypes.CDLL(None, use_errno=True)

    class SockFprog(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    prog = SockFprog(len(program) // 8, program)
    if library.prctl(22, 2, ctypes.byref(prog), 0, 0):  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


def numbers(machine: str) -> dict[str, int]:
    """Return the numbers of the forbidden calls; those that an architecture lacks are left out."""
    listed = dict(zip(_CALLS, map(int, _NUMBERS[machine][1].split()), strict=True))
    return {name: number for name, number in listed.items() if number >= 0}


def _program(machine: str) -> bytes:
    audit, _, clone = _NUMBERS[machine]
    code = [
        _step(_LOAD, 4),
        _step(_EQUAL, audit, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, 0),
        _step(_AT_LEAST, 0x40000000, 0, 1),  # the x32 calls of x86_64
        _step(_RETURN, _KILL),
        _step(_EQUAL, _CLONE3, 0, 1),
        _step(_RETURN, _ENOSYS),  # glibc then takes clone, whose flags can be read
        _step(_EQUAL, clone, 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_ANY_BIT, _CLONE_THREAD, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(_RETURN, _EPERM),
    ]
    for number in numbers(machine).values():
        code += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _EPERM)]
    return b"".join([*code, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
