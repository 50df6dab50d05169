"""Shuts a fresh fork in: namespaces, mounts, rights, limits, files and system calls."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from typing import Any

from autograder.inside import seccomp

_NEWNS, _NEWIPC, _NEWPID = 0x20000, 0x08000000, 0x20000000
_NOSUID, _NODEV, _NOEXEC, _READ_ONLY = 2, 4, 8, 1
_REC, _PRIVATE = 1 << 14, 1 << 18
_PR_SET_DUMPABLE, _PR_GET_SECCOMP, _PR_CAPBSET_DROP = 4, 21, 24
_PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT = 38, 47
_CAPABILITY_VERSION = 0x20080522
_library = ctypes.CDLL(None, use_errno=True)


def leave_namespaces() -> None:
    """Let the next child be the first process of new process, mount and IPC namespaces."""
    _call("unshare", _NEWNS | _NEWIPC | _NEWPID)


def shut_in(limits: dict[str, Any], uid: int | None, keep: tuple[int, int]) -> None:
    """Take all rights from this process, for good.

    Parameters
    ----------
    limits : dict
        See `autograder.limits.Limits`.
    uid : int or None
        The user and group to become; None if this user has no other.
    keep : pair of int
        The two file descriptors that stay open; 0, 1 and 2 lead to /dev/null.

    Raises
    ------
    OSError
        If any step fails; the process must then end.
    """
    _mount_own(limits, uid)
    _close_all_but(keep)
    _set_limits(limits, uid)
    _drop_rights(uid)
    os.chdir("/tmp")
    seccomp.install()
    _verify(uid)


def _mount_own(limits: dict[str, Any], uid: int | None) -> None:
    _call("mount", None, b"/", None, _REC | _PRIVATE, None)
    flags = _NOSUID | _NODEV | _NOEXEC
    owner = "" if uid is None else f",uid={uid},gid={uid}"
    for place, size in (("/tmp", limits["files"]), ("/dev/shm", limits["files"])):
        data = f"size={size},nr_inodes=4096,mode=700{owner}".encode()
        _call("mount", b"tmpfs", place.encode(), b"tmpfs", flags, data)
    _call("mount", b"tmpfs", b"/proc", b"tmpfs", flags | _READ_ONLY, b"size=4096,nr_inodes=2")


def _close_all_but(keep: tuple[int, int]) -> None:
    first, second = sorted(keep)
    nowhere = os.open("/dev/null", os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, first)
    os.closerange(first + 1, second)
    os.closerange(second + 1, 4096)


def _set_limits(limits: dict[str, Any], uid: int | None) -> None:
    seconds = int(limits["notebook_seconds"] * 2) + 10
    bounds = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: limits["files"],
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_AS: limits["libraries"] + limits["memory"],
    }
    if uid is not None:
        bounds[resource.RLIMIT_NPROC] = limits["threads"]
    for which, bound in bounds.items():
        resource.setrlimit(which, (bound, bound))
    os.nice(5)


def _drop_rights(uid: int | None) -> None:
    for capability in range(64):
        if _library.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0):
            break  # the kernel knows no more of them
    _call("prctl", _PR_CAP_AMBIENT, 4, 0, 0, 0)  # PR_CAP_AMBIENT_CLEAR_ALL
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)


def _verify(uid: int | None) -> None:
    """Refuse to go on unless every right is really gone."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    held = (ctypes.c_uint32 * 6)()
    _call("capget", ctypes.byref(header), ctypes.byref(held))
    filtered = _library.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0)
    is_root = os.getuid() == 0 or os.geteuid() == 0
    if any(held) or filtered != 2 or is_root or os.getpid() != 1 or os.listdir("/proc"):
        raise OSError("the worker still has rights that it must not have")


def _call(name: str, *arguments: Any) -> None:
    if getattr(_library, name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
