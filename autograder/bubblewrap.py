"""The command that starts the sandbox: what it sees of the file system, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from autograder.course import CourseError

INSIDE = Path("/course")  # where the sandbox has its packages and modules
_SYSTEM = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64", "/lib32")
_ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONPATH": str(INSIDE),
}


@cache
def find_bubblewrap() -> str:
    """Return where bubblewrap is.

    Raises
    ------
    CourseError
        If there is none or it cannot make a sandbox here; the message says what to do.
    """
    found = shutil.which("bwrap")
    if found is None:
        raise CourseError(
            "bubblewrap is missing, and nothing else may run students' code: install it with "
            "`apt install bubblewrap` (Debian, Ubuntu), `dnf install bubblewrap` (Fedora) or "
            "`pacman -S bubblewrap` (Arch). To try one notebook of your own use `autograder check`."
        )
    tried = subprocess.run(
        [found, *_namespaces(), "--ro-bind", "/", "/", "true"],
        capture_output=True,
        text=True,
        env={"PATH": os.defpath},
    )
    if tried.returncode:
        raise CourseError(
            f"bubblewrap cannot make a sandbox on this machine ({tried.stderr.strip()[:200]}). "
            "Where the system forbids user namespaces, allow them "
            "(`sysctl kernel.unprivileged_userns_clone=1` or an AppArmor profile for bwrap), or "
            "grade as root in a virtual machine."
        )
    return found


def sandbox_command(modules: Path, packages: list[Path], arguments: list[str]) -> list[str]:
    """Return the command that runs this Python in a sandbox.

    Parameters
    ----------
    modules : Path
        Folder with the course's modules; it is seen at ``/course``.
    packages : list of Path
        Files and folders of packages; each is seen inside ``/course`` by its own name.
    arguments : list of str
        For Python.
    """
    python = Path(os.path.realpath(sys.executable))
    prefix = Path(sys.base_prefix).resolve()
    command = [find_bubblewrap(), *_namespaces(), "--die-with-parent", "--new-session"]
    command += ["--clearenv"]
    for name, value in _ENVIRONMENT.items():
        command += ["--setenv", name, value]
    command += _system(prefix, python)
    command += ["--ro-bind", str(modules), str(INSIDE)]
    for package in packages:
        command += ["--ro-bind", str(package), str(INSIDE / package.name)]
    command += ["--proc", "/proc", "--dev", "/dev", "--size", "65536", "--tmpfs", "/tmp"]
    for place in ("/dev/pts", "/dev", "/"):
        command += ["--remount-ro", place]
    return [*command, "--", str(python), "-P", "-s", "-S", "-B", *arguments]


def _namespaces() -> list[str]:
    """New namespaces, and the rights that the first process needs to make each worker's own."""
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN"]
    options += ["--cap-add", "CAP_SETPCAP"]
    if os.geteuid() == 0:
        return [*options, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return ["--unshare-user", "--disable-userns", *options]


def _system(prefix: Path, python: Path) -> list[str]:
    # Of itself bubblewrap makes folders on the way that root alone may enter.
    options = ["--perms", "755", "--dir", "/usr", "--perms", "755", "--dir", "/etc"]
    for place in _SYSTEM:
        path = Path(place)
        if path.is_symlink():
            options += ["--symlink", os.readlink(path), place]
        elif path.is_dir():
            options += ["--ro-bind", place, place]
    if Path("/etc/ld.so.cache").exists():
        options += ["--ro-bind", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library = prefix / "lib" / version
    if not prefix.is_relative_to("/usr") or prefix.is_relative_to("/usr/local"):
        for parent in [*reversed(library.relative_to("/").parents)][1:]:
            options += ["--perms", "755", "--dir", f"/{parent}"]
        options += ["--ro-bind", str(library), str(library)]
        for shared in sorted((prefix / "lib").glob("libpython*")):
            options += ["--ro-bind", str(shared), str(shared)]
    for parent in [*reversed(python.relative_to("/").parents)][1:]:
        options += ["--perms", "755", "--dir", f"/{parent}"]
    options += ["--ro-bind", str(python), str(python)]
    # Nobody's packages but those of the allow-list.
    for hidden in (library / "site-packages", Path("/usr/lib/python3/dist-packages")):
        if hidden.is_dir():
            options += ["--size", "4096", "--tmpfs", str(hidden), "--remount-ro", str(hidden)]
    return options
