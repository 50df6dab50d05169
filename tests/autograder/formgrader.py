"""A jupyter server with formgrader for tests: on this machine alone, with a token."""

import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

EXTENSION = "nbgrader.server_extensions.formgrader"
SECONDS_TO_START = 60


@contextmanager
def serve(root, scratch):
    """Serve a course's folder; yields the server's address and its token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address, token = f"http://127.0.0.1:{port}", secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
        *(f"--ServerApp.root_dir={root}", "--ServerApp.jpserver_extensions", f"{EXTENSION}=True"),
        "--ServerApp.allow_root=True",
    ]
    folders = {f"JUPYTER_{kind}_DIR": str(scratch / kind) for kind in ("CONFIG", "DATA", "RUNTIME")}
    environment = os.environ | folders | {"JUPYTER_TOKEN": token, "JUPYTER_NO_CONFIG": "1"}
    with (scratch / "server.log").open("w") as log:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=log, stderr=log)
    try:
        wait_for(f"{address}/formgrader/api/status?token={token}", server, scratch / "server.log")
        yield address, token
    finally:
        server.terminate()
        server.wait(20)


def wait_for(url, server, log):
    """Wait until an address answers."""
    for _ in range(10 * SECONDS_TO_START):
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, ConnectionError):
            if server.poll() is not None:
                break
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")
