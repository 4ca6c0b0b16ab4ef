"""Looks at pages as people with different screens see them, and holds them against WCAG 2.2 AA."""

import json
import os
import pathlib
import sys

DESKTOP, PHONE = (1200, 800), (390, 844)
LOOKS = [(*size, scheme) for size in (DESKTOP, PHONE) for scheme in ("light", "dark")]
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


class Album:
    """Looks at pages: nothing is wider than the screen, axe finds nothing, pictures are kept.

    Without scripts axe cannot run, and one look must do.
    """

    def __init__(self, browser, folder, javascript, kind=None, looks=None):
        self.browser, self.folder = browser, folder
        self.number = int(javascript)
        self.kind = ("" if javascript else "-plain") if kind is None else kind
        self.looks = looks or (LOOKS if javascript else LOOKS[3:])
        axe = os.environ.get("AXE")
        self.axe = pathlib.Path(axe).read_text() if axe and javascript else None

    def take(self, name):
        for width, height, scheme in self.looks:
            self.browser.look(width, height, scheme)
            look = f"{name}-{width}-{scheme}{self.kind}"
            if self.folder:
                self.browser.picture(self.folder / f"{look}.png")
            self.check(look)
        self.browser.look(*self.looks[0])

    def check(self, look):
        page = self.browser.devtools("Page.getLayoutMetrics")
        assert page["cssContentSize"]["width"] <= page["cssLayoutViewport"]["clientWidth"], f"{look} is too wide"
        if not self.axe:
            return
        self.browser.run(self.axe)
        rules = json.dumps({"runOnly": AXE_RULES, "resultTypes": ["violations"]})
        found = self.browser.run_async(
            f"const done = arguments[0]; axe.run(document, {rules}).then((it) => done(it.violations), done)"
        )
        for rule in found:
            for node in rule["nodes"]:
                print(f"{look}: {rule['id']}: {node['html'][:200]}\n  {node['failureSummary']}", file=sys.stderr)
        assert not found, f"{look}: axe finds {len(found)} violations"
