"""A place for a Core of the tests."""

import random
import socket


def port_with_its_neighbour() -> int:
    """A port for Core whose neighbour is free as well, for its cloud. Below those that outgoing connections get."""
    while True:
        port = random.randrange(20_000, 30_000, 2)
        try:
            for each in (port, port + 1):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", each))
        except OSError:
            continue
        return port
