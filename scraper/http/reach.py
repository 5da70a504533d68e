"""Where a request may be connected to."""

from typing import Literal

# Only to public hosts, or to private ones as well, because the user gave the address.
Reach = Literal["public", "private"]
