"""The article in the `Fusion.globalContent` of an Arc page, as a JSON-LD thing.

Arc is the newsroom system of chosun.com and other papers. Some of its pages have neither JSON-LD nor
a byline in the markup (2023 to 2026).
"""

import json

from scraper.extract.html.jsonld import Thing

FUSION_START = "Fusion.globalContent="


def fusion_article(script: str) -> Thing | None:
    """A NewsArticle with headline, times, authors and section; None if there is no story.

    >>> fusion_article('Fusion.globalContent={"headlines": {"basic": "Bridge opens"}};')["headline"]
    'Bridge opens'
    """
    at = script.find(FUSION_START)
    if at < 0:
        return None
    try:
        story, _ = json.JSONDecoder(strict=False).raw_decode(script, at + len(FUSION_START))
    except (ValueError, RecursionError):
        return None
    if not isinstance(story, dict):
        return None
    thing = {
        "headline": _nested_value(story, "headlines", "basic"),
        "subheadline": _nested_value(story, "subheadlines", "basic"),
        "description": _nested_value(story, "subheadlines", "basic"),
        "datePublished": story.get("first_publish_date") or story.get("display_date"),
        "dateModified": story.get("last_updated_date"),
        "author": _nested_value(story, "credits", "by"),
        "articleSection": _nested_value(story, "taxonomy", "primary_section", "name"),
    }
    if not isinstance(thing["headline"], str):
        return None
    return {"@type": "NewsArticle"} | {name: value for name, value in thing.items() if value}


def _nested_value(value: object, *names: str) -> object:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
