"""Whether all can read a page, as axe judges it in a real browser: how it is built, and its colours."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_CONTRAST = "color-contrast"
# Whether a text stands out depends on its colour and size and on what is painted behind it, by itself and by all that
# it is in. A page holds thousands of texts in some eighty such looks; this marks the first of each.
_MARK_LOOKS = """(within) => {
    const behind = new Map([[null, ""]]), seen = new Set();
    const painted = element => {
        if (!behind.has(element)) {
            const style = getComputedStyle(element);
            const clear = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
            const own = clear && style.opacity === "1" && style.filter === "none" ? "" :
                [style.backgroundColor, style.backgroundImage, style.opacity, style.filter].join() + "/";
            behind.set(element, painted(element.parentElement) + own);
        }
        return behind.get(element);
    };
    for (const element of document.querySelectorAll(within)) {
        element.removeAttribute("data-look");
        if (![...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
        const style = getComputedStyle(element);
        const look = [style.color, style.fill, style.textShadow, style.fontSize, style.fontWeight, painted(element)];
        if (style.visibility !== "visible" || !element.getClientRects().length) continue;
        if (seen.has(look.join())) continue;
        seen.add(look.join());
        element.setAttribute("data-look", "");
    }
    return seen.size;
}"""


def badly_built(page: Page, *aside: str) -> list[tuple[str, list[str]]]:
    """What axe finds by all its rules but that of colours, and but those that are put aside: rules, and where."""
    off = {rule: {"enabled": False} for rule in (*aside, _CONTRAST)}
    return _violations(page, options={"rules": off})


def hard_to_read(page: Page, within: str = "body *") -> list[tuple[str, list[str]]]:
    """Where axe finds that text stands out too little, among one text of each look that there is."""
    assert page.evaluate(_MARK_LOOKS, within) > 0
    return _violations(page, context={"include": [["[data-look]"]]}, options={"runOnly": [_CONTRAST]})


def _violations(page: Page, options: dict[str, Any], **asked: Any) -> list[tuple[str, list[str]]]:
    options = {"resultTypes": ["violations"], **options}  # all that holds is not told, nor carried here
    script = "null" if page.evaluate("'axe' in window") else AXE_SCRIPT  # once a page: it is half a megabyte
    found = Axe(script).run(page, options=options, **asked).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:4]]) for one in found]
