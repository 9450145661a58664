"""The distribution's Chromium, driven by Playwright."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .machine import find

OFF = [
    # pages behind the address bar, that cost every context a process of its own and half a second
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    # what Playwright asks for, since of several lists only the last counts
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("AimEnabled", "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable"),
    *("HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying"),
    *("OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF)}",
]
PATIENCE = 15_000  # milliseconds that a page gets for anything


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=FLAGS)
        yield browser
        browser.close()


class Visitors:
    """People with a browser of their own each; remembers what went wrong in their pages."""

    def __init__(self, browser: Browser):
        self.faults: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    def new(self, *, width: int = 1280, height: int = 800, **options) -> Page:
        """A page in a fresh context; `options` go to Playwright's new_context."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, **{"locale": "en-GB"} | options
        )
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                message.type == "error"
                and "the server responded with a status of" not in message.text
                and self.faults.append(f"{page.url}: {message.text}")
            ),
        )
        return page

    def photograph(self, folder: Path, name: str) -> list[str]:
        """A picture of every open page; returns what was photographed and where it is kept."""
        folder.mkdir(exist_ok=True)
        said = []
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            file = folder / f"{name}-{number}.png"
            page.screenshot(path=file)
            said.append(f"{page.url}: {file}")
        return said

    def leave(self) -> None:
        for context in self._contexts:
            context.close()
        self._contexts.clear()
