"""Dated site rules, read from TOML: where the pages of a publisher have the article.

Most pages have no rule and need none. `apply.py` applies a rule to a page.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from scraper.errors import RuleError
from scraper.urls import ascii_host

# Keys whose selectors may end with ATTRIBUTE_SUFFIX, for text in an attribute.
RULE_FIELDS = ("headline", "dek", "byline", "published", "modified", "section", "caption")
SELECTOR_KEYS = ("body", *RULE_FIELDS, "drop")
DATE_KEYS = ("valid_from", "valid_until")
RULE_KEYS = ("hosts", *DATE_KEYS, *SELECTOR_KEYS)
ATTRIBUTE_SUFFIX = "::attr("  # p::attr(title), as in Scrapy
MAX_HOST_LABELS = 6  # of a host name, from its end


@dataclass(frozen=True, slots=True)
class Rule:
    """The selectors for one generation of a publisher's pages, in order of preference.

    `drop` are elements to leave out. `name` is the file and the table of the rule. `valid_from` and
    `valid_until` are the first and last day on which it holds, None if open.
    """

    name: str
    hosts: tuple[str, ...]
    body: tuple[str, ...]
    valid_from: date | None = None
    valid_until: date | None = None
    headline: tuple[str, ...] = ()
    dek: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


def read_rules(text: str, where: str) -> tuple[Rule, ...]:
    """The rules of a TOML file. Raises RuleError, with `where` as the file, if a key is invalid.

    >>> read_rules('[paper]\\nhosts = "example.com"\\nbody = "div.story"', "my.toml")[0].body
    ('div.story',)
    """
    try:
        tables = tomllib.loads(text)
    except (
        ValueError,
        RecursionError,
    ) as error:  # as well a number of 5,000 digits, or deep nesting
        raise RuleError(where, f"not TOML: {error}") from error
    for name, table in tables.items():
        if not isinstance(table, dict):
            reason = f"{name!r} comes before the first rule; begin each rule with a [name] line"
            raise RuleError(where, reason)
    return tuple(_parse_rule(table, f"{where} [{name}]") for name, table in tables.items())


def all_rules_for(url: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules for a page: the user's `rules` of its host, then the built-in ones."""
    return (*rules_for(url, rules), *built_in_rules(url))


def built_in_rules(url: str) -> tuple[Rule, ...]:
    """The rules that Variorum has for a page, in the order of `rules_for`.

    A file has the name of its host, and is read for the first page of that host. To read all files
    takes 20 ms, to see that there is none two microseconds.
    """
    host, names = _host(url), _file_names()
    parts = host.split(".")[-MAX_HOST_LABELS:]
    above = (".".join(parts[at:]) for at in range(len(parts)))
    return tuple(
        rule for name in above if name in names for rule in rules_for(url, _built_in(name))
    )


@cache
def _file_names() -> frozenset[str]:
    """The hosts with a file."""
    entries = files("scraper.extract.rules").joinpath("sites").iterdir()
    return frozenset(
        file.name.removesuffix(".toml") for file in entries if file.name.endswith(".toml")
    )


@cache
def _built_in(host: str) -> tuple[Rule, ...]:
    file = files("scraper.extract.rules").joinpath("sites", f"{host}.toml")
    return read_rules(file.read_text("utf-8"), file.name)


def rules_for(url: str, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules for the host of a page or a domain above it: the nearest first, then the newest.

    Rules that are equal in both keep their order. An invalid address has no rules.
    """
    host = _host(url) if rules else ""
    if "." not in host:
        return ()
    matching_rules = [rule for rule in rules if _nearness(rule, host)]
    matching_rules.sort(
        key=lambda rule: (
            _nearness(rule, host),
            rule.valid_until or date.max,
            rule.valid_from or date.min,
        ),
        reverse=True,
    )
    return tuple(matching_rules)


def rules_fingerprint(rules: Sequence[Rule]) -> str:
    """Eight characters that change with the rules: a version names the rules that read it."""
    return sha256(repr(tuple(rules)).encode()).hexdigest()[:8]


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _nearness(rule: Rule, host: str) -> int:
    """The length of the longest host of a rule that covers `host`; 0 if none does."""
    return max(
        (len(rule_host) for rule_host in rule.hosts if f".{host}".endswith(f".{rule_host}")),
        default=0,
    )


def _parse_rule(table: dict[str, Any], name: str) -> Rule:
    for key in table:
        if key not in RULE_KEYS:
            raise RuleError(name, f"unknown key {key!r}; {_nearest(key)}")
    for key in ("hosts", "body"):
        if not table.get(key):
            raise RuleError(name, f"{key!r} is missing; a rule needs at least hosts and body")
    hosts = tuple(_valid_host(host, name) for host in _rule_texts(table, "hosts", name))
    days = {key: _rule_day(table[key], key, name) for key in DATE_KEYS if key in table}
    if len(days) == 2 and days["valid_from"] > days["valid_until"]:
        raise RuleError(name, "'valid_from' is after 'valid_until'; exchange them")
    selectors = {key: _rule_texts(table, key, name) for key in SELECTOR_KEYS if key in table}
    for key, entries in selectors.items():
        for selector in entries:
            _check_selector(selector, key, name)
    return Rule(name, hosts, **days, **selectors)  # type: ignore[arg-type] # keys are checked above


def _nearest(key: str) -> str:
    from difflib import get_close_matches  # only for a message

    nearest_keys = get_close_matches(key, RULE_KEYS, n=1)
    return (
        f"did you mean {nearest_keys[0]!r}?"
        if nearest_keys
        else f"the keys are: {', '.join(RULE_KEYS)}"
    )


def _rule_texts(table: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = table[key]
    texts = value if isinstance(value, list) else [value]
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise RuleError(name, f'{key!r} must be text or a list of texts: {key} = ["…", "…"]')
    return tuple(text.strip() for text in texts)


def _valid_host(host: str, name: str) -> str:
    try:
        plain = ascii_host(host)
        is_valid = "." in plain and urlsplit(f"//{plain}").hostname == plain
    except ValueError:
        is_valid = False
    if not is_valid or not plain.replace("-", "").replace(".", "").isalnum():
        reason = f"{host!r} in 'hosts' is no host name; write \"example.com\", which covers www.example.com too"
        raise RuleError(name, reason)
    return plain


def _rule_day(value: Any, key: str, name: str) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise RuleError(name, f"{key!r} must be a day without quotation marks: {key} = 2026-01-31")


def selector_and_attribute(text: str) -> tuple[str, str]:
    """A selector and the attribute that it asks for, "" if it asks for text.

    >>> selector_and_attribute("time.first::attr(datetime)")
    ('time.first', 'datetime')
    """
    selector, _, attribute = text.partition(ATTRIBUTE_SUFFIX)
    return selector, attribute.removesuffix(")").strip()


def _check_selector(text: str, key: str, name: str) -> None:
    """Raise RuleError unless Lexbor can read a selector.

    With `, p` added it must find a paragraph; if not, a quotation mark is open.
    """
    selector, attribute = selector_and_attribute(text)
    if ATTRIBUTE_SUFFIX in text and (
        key not in RULE_FIELDS or not (attribute and text.endswith(")"))
    ):
        reason = f"{text!r} in {key!r}: an attribute, as in a::attr(title), must come last, and is allowed only in {', '.join(RULE_FIELDS)}"
        raise RuleError(name, reason)
    try:
        page = LexborHTMLParser("<p></p>")
        page.css(selector)
        is_valid = bool(page.css(f"{selector}, p"))
    except SelectolaxError:
        is_valid = False
    if not is_valid:
        reason = f"{text!r} in {key!r} is no CSS selector; try one such as div.story > p or [class^=ArticleBody_]"
        raise RuleError(name, reason)
