"""The sandbox's first process: imports the libraries once, then forks a worker for each request.

It never runs a line of a student's. Each worker is a fork of a fork: the first enters new
namespaces, the second is the first process in them, gives up every right and serves.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import socket
import sys
from typing import Any

from autograder.inside import confine, worker

_RECURRENT = ("RNNBase", "RNN", "LSTM", "GRU", "RNNCellBase", "RNNCell", "LSTMCell", "GRUCell")
DELAYED_BY_TORCH = "torch.fx.experimental.symbolic_shapes"  # its first backward pass imports it


def main(control: socket.socket, modules: list[str]) -> None:
    """Import the modules, say so, and fork workers until the other side hangs up."""
    for name in modules:
        importlib.import_module(name)
    if "torch" in sys.modules:
        importlib.import_module(DELAYED_BY_TORCH)
        _without_recurrent_classes(sys.modules["torch"])
    gc.collect()
    gc.freeze()
    control.send(b"ready")
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, 2**16, 2)
        if not message:
            return
        limits = json.loads(message) | {"libraries": _address_space()}
        child = os.fork()
        if child == 0:
            _fork_worker(control, limits, (descriptors[0], descriptors[1]))
        for descriptor in descriptors:
            os.close(descriptor)
        os.waitpid(child, 0)


def _fork_worker(control: socket.socket, limits: dict[str, Any], pipes: tuple[int, int]) -> None:
    """Fork the worker, tell the other side its descriptor, and end; never returns."""
    nonce = limits["nonce"].encode()
    try:
        confine.leave_namespaces()
        child = os.fork()
        if child == 0:
            _work(limits, pipes)
        socket.send_fds(control, [nonce], [os.pidfd_open(child)])
    except BaseException as error:
        control.send(nonce + b" " + str(error).encode()[:300])
    finally:
        os._exit(0)


def _work(limits: dict[str, Any], pipes: tuple[int, int]) -> None:
    requests, replies = pipes
    try:
        try:
            confine.shut_in(limits, limits["uid"], pipes)
        except BaseException as error:
            os.write(replies, b"!" + str(error).encode()[:300])
        else:
            os.write(replies, b".")
            worker.serve(requests, replies, limits)
    finally:
        os._exit(0)


def _address_space() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


def _without_recurrent_classes(torch: Any) -> None:
    """Let torch's recurrent classes raise: an exercise asks for them to be written."""
    for name in _RECURRENT:

        def refuse(*arguments: Any, _name: str = name, **settings: Any) -> None:
            raise NotImplementedError(
                f"torch.nn.{_name} is out of reach while your work is graded: write the cell"
            )

        made = type(name, (torch.nn.Module,), {"__init__": refuse})
        for module in (torch.nn, torch.nn.modules, torch.nn.modules.rnn):
            if hasattr(module, name):
                setattr(module, name, made)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2]))
