"""The world of publishers as a server shows it, round by round."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.publishers.second.sites import NewsSite, SiteArticle
from benchmarks.publishers.world import Publisher, WorldArticle
from benchmarks.support.local_server import Answer, address, serving

AnyPublisher = Publisher | NewsSite
AnyArticle = WorldArticle | SiteArticle


@dataclass(slots=True)
class ServedWorld:
    """Owns the number of the round that the server is in, and counts the requests of each page."""

    publishers: Sequence[AnyPublisher]
    port: int = 0
    round_number: int = 1
    articles: dict[str, tuple[AnyPublisher, AnyArticle]] = field(default_factory=dict)
    requests: Counter[str] = field(default_factory=Counter)

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

    def published(self) -> list[str]:
        """The URLs of the articles that are published in this round."""
        articles = self.articles.items()
        return [url for url, (_, article) in articles if article.first_round <= self.round_number]

    def page(self, url: str) -> bytes:
        """The page at the URL of an article in this round."""
        publisher: Any
        publisher, article = self.articles[url]
        base_url = self._base_url(address(publisher.number))
        self.requests[url] += 1
        request = self.requests[url]
        page: bytes = publisher.page(article, self.round_number, base_url, request=request)
        return page

    def _route(self, host: str, path: str) -> Answer | None:
        if path == "/":
            publisher = next(p for p in self.publishers if address(p.number) == host)
            return Answer(publisher.front_page(self.round_number))
        url = self._base_url(host) + path
        return Answer(self.page(url)) if url in self.published() else None

    def _base_url(self, host: str) -> str:
        return f"http://{host}:{self.port}"
