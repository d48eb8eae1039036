"""The API's socket: a taken port is named, with its owner and another that is free."""

from __future__ import annotations

import os
import socket
import sys

import pytest

from backend.errors import Misconfigured
from backend.supervisor.errors import PortTaken
from backend.supervisor.listener import listen, url_of


def test_port_0_takes_a_free_one_and_tells_which() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener) == f"http://127.0.0.1:{port}"
        socket.create_connection(("127.0.0.1", port)).close()


def test_a_taken_port_is_named_and_another_offered() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PortTaken) as caught:
            listen("127.0.0.1", port)
    assert f"Port {port} on 127.0.0.1 is taken" in caught.value.message
    assert f"--port {caught.value.free_port}" in caught.value.message
    listen("127.0.0.1", caught.value.free_port).close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_that_holds_the_port_is_named() -> None:
    with listen("127.0.0.1", 0) as listener, pytest.raises(PortTaken) as caught:
        listen("127.0.0.1", listener.getsockname()[1])
    assert f"process {os.getpid()} (" in caught.value.message


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"Can't listen on 192\.0\.2\.1:0"):
        listen("192.0.2.1", 0)


def test_a_url_can_be_opened_when_all_addresses_are_listened_on() -> None:
    with listen("0.0.0.0", 0) as listener:
        assert url_of(listener).startswith("http://127.0.0.1:")


def test_small_answers_are_sent_without_delay() -> None:
    with listen("127.0.0.1", 0) as listener:
        with socket.create_connection(listener.getsockname()[:2]):
            accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
