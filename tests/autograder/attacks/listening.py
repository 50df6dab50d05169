"""Sockets of this machine that tell a word to whoever connects."""

import contextlib
import socket
import threading


@contextlib.contextmanager
def listening(word, ports, name):
    """Listen on a free one of the ports, and on an abstract socket."""
    sockets = [_on_a_free_port(ports), socket.socket(socket.AF_UNIX)]
    sockets[1].bind(f"\0{name}-{sockets[0].getsockname()[1]}")
    for each in sockets:
        each.listen()
        threading.Thread(target=_answer, args=(each, word.encode()), daemon=True).start()
    try:
        yield
    finally:
        for each in sockets:
            each.shutdown(socket.SHUT_RDWR)
            each.close()


def _on_a_free_port(ports):
    for port in ports:
        with contextlib.suppress(OSError):
            return socket.create_server(("127.0.0.1", port))
    raise OSError(f"no port from {ports[0]} to {ports[-1]} is free; close what listens there")


def _answer(server, word):
    with contextlib.suppress(OSError):
        while True:
            connection, _ = server.accept()
            with connection:
                connection.sendall(word)
