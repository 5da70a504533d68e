"""Messages to the addresses of the settings: webhooks and monitors."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scraper.fetch import PostAnswer, post
from scraper.http.addresses import AllowedHosts
from storage.database import Database
from storage.queue.typed_hosts import own_reach, remember_public


@dataclass(frozen=True, slots=True)
class UserAddress:
    """An address of the settings, which may be a secret, and the private hosts that they allow."""

    url: str = field(repr=False)
    allowed: AllowedHosts = field(default_factory=AllowedHosts)


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
