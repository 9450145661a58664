"""Takes the pictures of the README from a running demo: `make screenshots URL=http://127.0.0.1:8000`."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP))

from tests.support.browser import FLAGS  # noqa: E402
from tests.support.machine import find  # noqa: E402
from workflow.demo.population import DEMO_PASSWORD  # noqa: E402

PICTURES = TOP / "docs" / "pictures"
READER = "gregor.zagar@example.org"
COORDINATOR = "maja.hribernik@example.org"


def sign_in(page: Page, url: str, email: str) -> str:
    """The address of the contract's home."""
    page.goto(f"{url}/sign-in")
    page.locator("input[name=email][type=email]").fill(email)
    page.locator("input[name=password][type=password]").fill(DEMO_PASSWORD)
    page.locator("input[name=password][type=password]").press("Enter")
    page.wait_for_url(re.compile(r"/c/"))
    english = page.locator("button[value=en]").first
    if english.is_visible():
        english.click()
    page.wait_for_load_state("networkidle")
    return page.url


def section(page: Page, home: str, code: str) -> str:
    page.goto(home.rstrip("/") + "/board")
    return page.locator("tr", has_text=code).locator("a").first.get_attribute("href")


def picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"docs/pictures/{name}.png")


def main(url: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=FLAGS)
        wide = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-GB")
        home = sign_in(wide, url, COORDINATOR)
        wide.goto(url + section(wide, home, "AP-B-2-E1"))
        wide.locator("#text").evaluate("text => scrollTo(0, text.getBoundingClientRect().top - 40)")
        picture(wide, "section")
        wide.goto(home)
        picture(wide, "home")
        wide.goto(home.rstrip("/") + "/board")
        picture(wide, "board")
        phone = browser.new_page(viewport={"width": 390, "height": 800}, locale="en-GB")
        home = sign_in(phone, url, READER)
        phone.goto(url + section(phone, home, "AP-B-2-B1"))
        phone.locator("#text").scroll_into_view_if_needed()
        picture(phone, "phone")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
