"""The API's listening socket, opened before the API starts.

So a taken port is known at once and by name, port 0 can be told, and connections wait while the
API restarts instead of being refused.
"""

from __future__ import annotations

import errno
import socket
from ipaddress import ip_address

from backend.errors import Misconfigured
from backend.supervisor.errors import PortTaken
from backend.supervisor.port_owner import port_owner

_IPV4 = 4
_BACKLOG = 2048
_NEIGHBOURS_TRIED = 20


def listen(host: str, port: int) -> socket.socket:
    """A socket listening on `host`:`port`; port 0 takes any free one.

    Raises `PortTaken` with another port that is free, or `Misconfigured`.
    """
    try:
        return _bound(host, port)
    except socket.gaierror as error:
        raise Misconfigured(f"The host {host!r} has no address: {error.strerror}.") from error
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise Misconfigured(
                f"Can't listen on {host}:{port}: {error.strerror}. Choose others with --host "
                "and --port."
            ) from error
    free_port = _free_port_near(host, port)
    owner = port_owner(port)
    raise PortTaken(
        f"Port {port} on {host} is taken{f' by {owner}' if owner else ''}. "
        f"Stop what listens there, or start with --port {free_port}.",
        free_port=free_port,
    )


def url_of(listener: socket.socket) -> str:
    """Where this machine reaches `listener`."""
    host, port = listener.getsockname()[:2]
    address = ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == _IPV4 else "::1"
    return f"http://{host}:{port}" if address.version == _IPV4 else f"http://[{host}]:{port}"


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted connections inherit it. The server that takes this socket over doesn't know it
        # for a TCP one and wouldn't set it, and small answers would wait for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _free_port_near(host: str, port: int) -> int:
    upper = min(port + _NEIGHBOURS_TRIED, 65_535)
    for candidate in (*range(port + 1, upper + 1), 0):
        try:
            with _bound(host, candidate) as trial:
                found: int = trial.getsockname()[1]
                return found
        except OSError:
            continue
    return 0
