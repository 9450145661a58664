"""The caught mail: there in a try-out, nowhere else, and harmless."""

from email.message import EmailMessage

import pytest

NAME = "01764000000000000000-000001"


@pytest.fixture
def caught(app, tmp_path, monkeypatch):
    """A folder with one letter, as the catcher writes it."""
    letter = EmailMessage()
    letter["From"] = "Concord <concord@example.org>"
    letter["To"] = "Žiga Ščurk <ziga@example.org>"
    letter["Subject"] = "Nova pripomba – čakamo na odgovor"
    letter.set_content("Dober dan,\n\nhttps://concord.test/threads/1\n")
    letter.add_alternative("<p>Dober dan</p><script>alert(1)</script>", subtype="html")
    envelope = b"X-Envelope-From: concord@example.org\r\nX-Envelope-To: ziga@example.org\r\n"
    (tmp_path / f"{NAME}.eml").write_bytes(envelope + letter.as_bytes())
    (tmp_path / f".{NAME}.eml.part").write_bytes(b"half a letter")
    (tmp_path.parent / "secret.eml").write_bytes(b"Subject: secret\r\n\r\n")
    monkeypatch.setitem(app.config, "MAIL_CATCHER_DIR", str(tmp_path))
    return tmp_path


def test_the_pages_do_not_exist_without_a_catcher(client):
    for path in ("/mail/", f"/mail/{NAME}", f"/mail/{NAME}/html"):
        assert client.get(path).status_code == 404


def test_letters_are_listed_and_shown(client, caught):
    assert "Nova pripomba – čakamo na odgovor" in client.get("/mail/").text
    page = client.get(f"/mail/{NAME}").text
    assert "Žiga Ščurk" in page
    assert "Dober dan" in page
    assert "X-Envelope-To" in page


def test_the_html_of_a_letter_may_do_nothing(client, caught):
    answer = client.get(f"/mail/{NAME}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy


@pytest.mark.parametrize(
    "name", ["..%2Fsecret", "secret", "1-2-3", ".", "%2Fetc%2Fpasswd", "9" * 30]
)
def test_no_name_leads_out_of_the_folder(client, caught, name):
    for path in (f"/mail/{name}", f"/mail/{name}/html"):
        assert client.get(path).status_code in (308, 404)


def test_a_broken_letter_is_shown_as_far_as_it_goes(client, caught):
    broken = (
        b"Subject: =?utf-8?q?half\r\nContent-Type: text/plain; charset=klingon\r\n\r\nqapla \xff"
    )
    (caught / "01764000000000000001-000001.eml").write_bytes(broken)
    assert client.get("/mail/").status_code == 200
    assert "qapla" in client.get("/mail/01764000000000000001-000001").text
