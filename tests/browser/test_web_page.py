"""A document as a web page, opened from a disk: no fault that axe finds, on a phone as well, and nothing is fetched."""

import hashlib
import io
import zipfile

import pytest

from tests.browser.test_every_page import faults_of, settled
from tests.support.pictures import drawn
from tests.typesetting.sample import HEAT, contract, section
from workflow import webpage
from workflow.rules.picture_files import rewritten

PICTURE = rewritten(drawn((900, 500)))
SHA = hashlib.sha256(PICTURE.content).hexdigest()
TEXT = f"""{HEAT}

![A map](picture:{SHA[:32]})

Figure: Where the heat comes from

<script>document.title = "run"</script>
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_a_document_has_no_fault(visitors, tmp_path, width):
    picture = tmp_path / "picture"
    picture.write_bytes(PICTURE.content)
    document = contract()
    known = {"sha256": SHA, "ending": "png", "width": PICTURE.width, "height": PICTURE.height}
    document["components"][0]["modules"][0]["sections"].append(
        section("A-9", "Heat and its map", TEXT, pictures={SHA[:32]: known})
    )
    made = webpage.write(document, files={SHA: picture})
    zipfile.ZipFile(io.BytesIO(made.bytes)).extractall(tmp_path / "page")
    page, asked = visitors.new(width=width, bypass_csp=True), []
    page.on("request", lambda request: asked.append(request.url))
    settled(page, (tmp_path / "page" / "index.html").as_uri())
    shown = page.locator("img")
    shown.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('img').naturalWidth > 0")
    assert page.title().startswith(document["city"])
    assert all(address.startswith("file:") for address in asked)
    assert faults_of(page, "index.html", width) == []
    page.screenshot(path=tmp_path / f"page-{width}.png", full_page=True)
