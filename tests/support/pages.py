"""What must hold for every page that a respondent gets, whatever it says; used on every page that a test fetches."""

from collections import Counter
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "path", "rect", "circle"})

SUPERVISION = "https://www.digg.se/tdosanmalan"
"""The one address elsewhere that a page may name: by law the accessibility statement leads there."""

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

POLICY = (
    *("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"),
    *("script-src 'self';", "connect-src 'self';", "style-src 'sha256-"),
)


class Page(HTMLParser):
    """A page's elements as (name, attributes), its headings and its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {"h1": [], "title": []}
        self.badly_nested: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.badly_nested += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself, as those of SVG may."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Check that what closes is what was opened last."""
        if not self._open or self._open.pop() != tag:
            self.badly_nested.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the texts of title and heading."""
        for tag in self.texts:
            if tag in self._open and self.texts[tag]:
                self.texts[tag][-1] += data

    def attributes(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element with that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def checked(self) -> dict[str, str]:
        """The answers that are filled in."""
        return {item["name"]: item["value"] for item in self.attributes("input") if "checked" in item}

    @property
    def token(self) -> str:
        """The form's token."""
        return next(item["value"] for item in self.attributes("input") if item.get("name") == "_token")


def faults(html: str, headers: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with a page, one line a fault."""
    yield from faults_of_html(html)
    yield from _headers(headers)


def faults_of_html(html: str) -> Iterator[str]:
    """What is wrong with a page itself, whoever it is for."""
    page = Page(html)
    yield from _structure(page)
    yield from _references(page)
    yield from _inline(page)


def _structure(page: Page) -> Iterator[str]:
    if not page.html.startswith("<!DOCTYPE html>"):
        yield "does not begin with its doctype"
    yield from (f"badly nested: {tag}" for tag in page.badly_nested)
    (root, *_) = page.attributes("html") or [{}]
    if not root.get("lang") or root.get("dir") not in ("ltr", "rtl"):
        yield "lang or dir is missing"
    headings = [" ".join(text.split()) for text in page.texts["h1"]]
    title = " ".join("".join(page.texts["title"]).split())
    if len(headings) != 1 or not headings[0]:
        yield f"has {len(headings)} first headings"
    elif headings[0] not in title:
        yield f"title {title!r} does not say {headings[0]!r}"
    if len(page.attributes("main")) != 1:
        yield "has no main part, or several"


def _references(page: Page) -> Iterator[str]:
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    yield from (f"id {name} stands {count} times" for name, count in ids.items() if count > 1)
    for tag, attributes in page.elements:
        for name in ("for", "form", "aria-describedby", "aria-labelledby"):
            yield from (
                f"{tag} {name}={word} leads nowhere" for word in attributes.get(name, "").split() if word not in ids
            )
        link = attributes.get("href", "")
        if link.startswith("#") and link[1:] not in ids:
            yield f"link {link} leads nowhere"


def _inline(page: Page) -> Iterator[str]:
    for tag, attributes in page.elements:
        if tag == "script" and "src" not in attributes:
            yield "inline script"
        yield from (f"{tag} has {name}" for name in attributes if name == "style" or name.startswith("on"))
        for name in ("src", "href", "action", "formaction"):
            named = (tag, attributes.get(name)) == ("a", SUPERVISION)
            if "//" in attributes.get(name, "") and not attributes[name].startswith("data:") and not named:
                yield f"{tag} {name} leads to another place: {attributes[name]}"


def _headers(headers: Mapping[str, str]) -> Iterator[str]:
    if "Set-Cookie" in headers:
        yield "sets a cookie"
    yield from (
        f"header {name} is {headers.get(name)!r}" for name, value in HEADERS.items() if headers.get(name) != value
    )
    policy = headers.get("Content-Security-Policy", "")
    yield from (f"policy lacks {part}" for part in POLICY if part not in policy)
    if policy.count("script-src") > 1 or "unsafe" in policy:
        yield "policy allows scripts of others"
