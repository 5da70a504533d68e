"""Small HTML pages."""


def article_html(
    headline: str = "Harbour bridge opens after long repair",
    paragraphs: tuple[str, ...] = (
        "The harbour bridge opened to traffic on Monday, two years after a storm tore away its middle span.",
        "Repairs cost 12 million crowns, the port authority said, and 21 people worked on the site every day.",
        "“We can finally cross again,” said Mina Oswell, who runs the ferry that carried commuters meanwhile.",
        "A second bridge, further up the river, will be closed for inspection in the autumn of next year.",
    ),
    *,
    head: str = "",
    around: str = "",
) -> str:
    """An article page: `head` goes into its head, `around` into a box beside the article."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title>{head}</head><body>"
        f"<nav><a href=/>Home</a></nav><main><article><h1>{headline}</h1>{body}</article></main>"
        f"<aside>{around}</aside></body></html>"
    )
