"""Messages to the addresses of the settings: webhooks and monitors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scraper.errors import PrivateAddressError
from scraper.fetch import PostAnswer, post
from scraper.http.addresses import AllowedHosts
from scraper.http.connect import Resolver, private_reason
from scraper.http.pools import Pools
from scraper.urls import hostname
from storage.database import Database
from storage.queue.typed_hosts import own_reach, remember_public


@dataclass(frozen=True, slots=True)
class UserAddress:
    """An address of the settings, which may be a secret, and the private hosts that they allow."""

    url: str = field(repr=False)
    allowed: AllowedHosts = field(default_factory=AllowedHosts)


async def check_user_host(db: Database, address: UserAddress, *, at: datetime) -> None:
    """Raise PrivateAddressError if the host of an address was public once and leads inside now.

    For a library that connects by itself, and looks the name up again: better than nothing, and no proof.
    """
    host = hostname(address.url)
    try:
        addresses = await Resolver().addresses(host)
    except OSError:  # the library says why it cannot connect
        return
    pools = Pools(address.allowed)
    private = [one for one in addresses if not pools.may_connect(host, one)]
    if not private:
        if own_reach(db, address.url) == "private":
            remember_public(db, address.url, at=at)
    elif own_reach(db, address.url) == "public":
        raise PrivateAddressError(host, private_reason(host, private[0]))


async def post_to_user(
    db: Database,
    address: UserAddress,
    content: bytes,
    *,
    headers: Mapping[str, str],
    timeout: float,
    at: datetime,
) -> PostAnswer:
    """Send a message; raises as `post` does. A host that was public once must not lead inside later."""
    answer = await post(
        address.url,
        content,
        headers=headers,
        timeout=timeout,
        reach=own_reach(db, address.url),
        allowed=address.allowed,
    )
    if answer.is_private is False and own_reach(db, address.url) == "private":
        remember_public(db, address.url, at=at)
    return answer
