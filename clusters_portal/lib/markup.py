"""Text written by staff in Markdown, made into HTML that can do no harm.

Headings, tables, lists, emphasis, quotations and links; nothing else survives, whatever was typed.
"""

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

TAGS = {"p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "h4", "a", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}


def render_markdown(text: str) -> SafeString:
    """Safe HTML of `text`; "" for an empty text. HTML typed in the text is removed, its words kept."""
    html = markdown.markdown(text or "", extensions=["sane_lists", "tables"], output_format="html")
    return mark_safe(nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer"))


def first_paragraph(text: str) -> str:
    """The Markdown text up to its first empty line."""
    return (text or "").strip().replace("\r\n", "\n").split("\n\n", 1)[0]
