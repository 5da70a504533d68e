"""The world of publishers as a server shows it, round by round."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from benchmarks.publishers.world import Publisher, WorldArticle
from benchmarks.support.local_server import Answer, address, serving


@dataclass(slots=True)
class ServedWorld:
    """Owns the number of the round that the server is in."""

    publishers: Sequence[Publisher]
    port: int = 0
    round_number: int = 1
    articles: dict[str, tuple[Publisher, WorldArticle]] = field(default_factory=dict)

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Serve all publishers while the block runs, and fill `articles`: by their URLs."""
        with serving(len(self.publishers), self._route) as server:
            self.port = server.port
            self.articles = {
                self._base_url(address(publisher.number)) + article.path: (publisher, article)
                for publisher in self.publishers
                for article in publisher.articles
            }
            yield

    def page(self, url: str) -> bytes:
        """The page at the URL of an article in this round."""
        publisher, article = self.articles[url]
        base_url = self._base_url(address(publisher.number))
        return publisher.page(article, self.round_number, base_url)

    def _route(self, host: str, path: str) -> Answer | None:
        if path == "/":
            publisher = next(p for p in self.publishers if address(p.number) == host)
            return Answer(publisher.template.front_page(publisher.links(self.round_number)))
        url = self._base_url(host) + path
        return Answer(self.page(url)) if url in self.articles else None

    def _base_url(self, host: str) -> str:
        return f"http://{host}:{self.port}"
