"""Signs of life for systemd: `WatchdogSec` restarts a daemon that gives none (sd_notify(3))."""

import os
import socket

ALIVE, READY = b"WATCHDOG=1", b"READY=1\n"


def tell_systemd(state: bytes) -> str | None:
    """Send a state to the socket that systemd names; why it failed, or None. Does nothing without systemd."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return None
    if address.startswith("@"):  # an address of Linux's abstract namespace
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
            connection.setblocking(False)
            connection.sendto(state, address)
    except OSError as error:
        return f"systemd's socket {os.environ['NOTIFY_SOCKET']} takes no sign of life: {error.strerror}"
    return None
