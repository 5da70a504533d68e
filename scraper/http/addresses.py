"""Which addresses are public: those that a stranger's page may lead Variorum to.

`ipaddress` is no help: what it calls global differs between versions of Python, and has held multicast,
site-local and reserved ranges. So the ranges of IANA's special-purpose registries stand here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Self

from scraper.urls import ascii_host, literal_address

# iana.org/assignments/iana-ipv4-special-registry, multicast and the reserved class E.
SPECIAL_NETWORKS_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
    )
)  # fmt: skip
# The only space of IPv6 that is given out as global unicast, and what of it is special: Teredo and other
# protocols, documentation.
GLOBAL_NETWORK_6 = IPv6Network("2000::/3")
SPECIAL_NETWORKS_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20")
)
# A translator connects these to the IPv4 address in their last 32 bits (RFC 6052).
NAT64_NETWORK = IPv6Network("64:ff9b::/96")
MAX_IPV4 = 0xFFFF_FFFF


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet. An embedded IPv4 address counts for its own.

    >>> is_public("93.184.215.14"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::10.0.0.7")
    (True, False, False)
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = _embedded(ip)
        if embedded is None:
            return ip in GLOBAL_NETWORK_6 and not any(ip in net for net in SPECIAL_NETWORKS_6)
        ip = embedded
    return not any(ip in network for network in SPECIAL_NETWORKS_4)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a packet to this one reaches."""
    if ip in NAT64_NETWORK:
        return IPv4Address(int(ip) & MAX_IPV4)
    return ip.ipv4_mapped or ip.sixtofour


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The private hosts of the settings: they may be connected to like public ones."""

    names: frozenset[str] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> Self:
        """The hosts of names, addresses and networks. Raises ValueError, which names a wrong entry.

        >>> AllowedHosts.of(["intranet.example", "10.1.0.0/16"]).has("cms.example", "10.1.2.3")
        True
        """
        names, networks = set[str](), list[IPv4Network | IPv6Network]()
        for entry in entries:
            if "/" in entry or literal_address(entry):
                networks.append(ip_network(entry.strip("[]")))
            elif entry and not set(entry) & set(":* "):
                names.add(_host_name(entry))
            else:
                raise ValueError(f"{entry!r} is neither a host name nor an address nor a network")
        return cls(frozenset(names), tuple(networks))

    def has(self, host: str, address: str) -> bool:
        """Whether a host at an address is one of them."""
        ip = ip_address(address.partition("%")[0])
        return host.lower().rstrip(".") in self.names or any(ip in net for net in self.networks)


def _host_name(entry: str) -> str:
    """A name as a connection has it. Raises ValueError if no host can have it."""
    try:
        return ascii_host(entry)
    except UnicodeError as error:
        raise ValueError(f"{entry!r} is no name that a host can have") from error
