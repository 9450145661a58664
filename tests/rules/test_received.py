"""Mail as programs write it: what was typed is found, what was quoted is not, and no byte brings the reader down."""

from email.message import EmailMessage

import pytest

from workflow.rules.received import read, typed

QUOTE = "> Ana Novak replied to comment 3 on A-1\n>\n> How was this figure found?\n"

TYPED = {
    "gmail": "I agree.\n\nOn Mon, 23 Nov 2026 at 12:00, Concord <c@example.org> wrote:\n" + QUOTE,
    "gmail, Slovene": "Strinjam se.\n\nV pon., 23. nov. 2026 ob 12:00 je oseba Concord <c@example.org>\n"
    "napisala:\n" + QUOTE,
    "thunderbird, Slovene": "Strinjam se.\n\nDne 23. 11. 2026 ob 12:00 je Concord napisal(a):\n"
    + QUOTE,
    "thunderbird, German": "Einverstanden.\n\nAm 23.11.26 um 12:00 schrieb Concord:\n" + QUOTE,
    "outlook": "I agree.\n\n________________________________\nFrom: Concord <c@example.org>\n"
    "Sent: Monday\nTo: Ana\nSubject: x\n\nHow was this figure found?",
    "outlook, Slovene": "Strinjam se.\n\nOd: Concord <c@example.org>\nPoslano: ponedeljek\n"
    "Za: Ana\nZadeva: x\n\nBesedilo",
    "below the quote": "On Mon, 23 Nov 2026, Concord <c@example.org> wrote:\n"
    + QUOTE
    + "\nI agree.",
    "quote without a header": "I agree.\n\n" + QUOTE,
    "signature": "I agree.\n\n-- \nAna Novak\nTenants' Union",
    "telephone": "Strinjam se.\n\nPoslano iz mojega iPhona",
}


@pytest.mark.parametrize("program", TYPED)
def test_what_was_typed_is_found_without_the_letter_that_it_answers(program):
    assert typed(TYPED[program]) in {"I agree.", "Strinjam se.", "Einverstanden."}


@pytest.mark.parametrize(
    "words",
    [
        "I agree.\n\nThanks, but what of 2030?\n\n- the first point\n- the second\n\nBest regards\nAna",
        "No.\n\nOn Monday the mayor wrote:\n\nWe shall see.\n\nThat is no answer.",
        "Dne 3. marca je mesto objavilo podatke: niso točni.\nV letu 2030 je to napačno: preverite.",
        "From what I read: no.\n\nTo me: yes.",
    ],
)
def test_words_that_only_look_like_a_letter_stay(words):
    assert typed(words) == words


def test_a_mail_of_quotes_says_nothing():
    assert typed(QUOTE) == typed("") == typed("\n \n") == ""


@pytest.mark.parametrize(
    "long",
    [
        "On " + "a " * 40_000,
        "\n" * 80_000 + "x",
        ("On " + "a " * 140 + "\n") * 300,
        "From: a\n" * 10_000,
        "Caution: " + "mail " * 12_000,
        "Dne " + "je napisal " * 6_000,
        ">" * 100_000,
    ],
)
@pytest.mark.timeout(20)
def test_no_text_keeps_the_reader_busy(long):
    assert len(typed(long)) <= len(long)


def mail(**headers) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Ana Novak <Ana@Example.org>"
    message["Message-ID"] = "<1@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def test_the_plain_part_counts_and_html_alone_is_read_as_text():
    both = mail()
    both.set_content("Čas teče.")
    both.add_alternative("<p>Something else</p>", subtype="html")
    assert read(both.as_bytes()).text == "Čas teče."

    html = mail()
    html.set_content(
        "<head><style>p { color: red }</style></head><p>Prvi <b>člen</b><br>in&nbsp;drugi</p>"
        '<div>Tretji</div><script>alert(1)</script><div class="gmail_quote">On Monday: '
        "<blockquote>How was it <br>found?</blockquote></div>",
        subtype="html",
    )
    assert read(html.as_bytes()).text == "Prvi člen\nin drugi\n\nTretji"


def test_what_outlook_quotes_below_its_mark_is_no_text():
    html = mail()
    html.set_content(
        '<div>I agree.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: C</div>'
        "<div>How was it found?</div>",
        subtype="html",
    )
    assert read(html.as_bytes()).text == "I agree."


def test_files_are_named_and_pictures_in_the_text_are_none():
    message = mail()
    message.set_content("See the file.")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="načrt.pdf")
    message.add_attachment(
        b"GIF", maintype="image", subtype="gif", filename="logo.gif", cid="<logo@x>"
    )
    inner = mail()
    inner.set_content("forwarded words")
    message.add_attachment(inner)
    found = read(message.as_bytes())
    assert found.files == ("načrt.pdf", "message/rfc822")
    assert found.text == "See the file."


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<all.example.org>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_programs_are_recognised(headers):
    message = mail(**headers)
    message.set_content("I am out of office.")
    assert read(message.as_bytes()).automatic


@pytest.mark.parametrize("charset", ["punycode", "idna", "utf-7", "no-such-thing", "rot13"])
@pytest.mark.timeout(20)
def test_no_charset_keeps_the_reader_busy(charset):
    head = f"From: ana@example.org\nContent-Type: text/plain; charset={charset}\n\n"
    found = read(head.encode() + "č".encode("punycode") * 200_000)
    assert found.sender == "ana@example.org"


@pytest.mark.timeout(20)
def test_no_name_of_a_file_keeps_the_reader_busy():
    head = "From: ana@example.org\nContent-Type: application/pdf; name*=punycode''"
    found = read(head.encode() + "č".encode("punycode") * 200_000 + b"\n\nx")
    assert found.text == "x"


def test_a_person_is_no_program():
    message = mail(Auto_Submitted="no")
    message.set_content("I am here.")
    assert not read(message.as_bytes()).automatic


NAUGHTY = {
    "no header at all": b"just words",
    "nothing": b"",
    "unknown charset": b"Content-Type: text/plain; charset=klingon-8\r\n\r\n\xc4\x8das",
    "wrong charset": b"Content-Type: text/plain; charset=us-ascii\r\n\r\n\xc4\x8das",
    "broken base64": b"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%=\xff",
    "boundary that never ends": b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello",
    "multipart without boundary": b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello",
    "broken file name": b"Content-Type: application/pdf; name*=klingon''%ff%fe\r\n\r\nx",
    "zero bytes": b"From: a@b\0c\r\nSubject: \xff\xfe\r\n\r\n\0\0words",
}


@pytest.mark.parametrize("how", NAUGHTY)
def test_broken_mail_is_read_as_well_as_it_goes(how):
    found = read(NAUGHTY[how])
    assert found.key
    assert "\0" not in found.text


def test_the_letters_of_an_unknown_charset_are_found():
    assert read(NAUGHTY["unknown charset"]).text == read(NAUGHTY["wrong charset"]).text == "čas"


def test_a_mail_without_an_id_is_the_same_mail_by_whatever_way_it_comes():
    words = b"From: ana@example.org\r\nSubject: x\r\n\r\nThe same words."
    assert read(words).message_id is None
    assert read(b"Received: from a\r\n" + words).key == read(b"Received: from b\r\n" + words).key
    assert read(words.replace(b"\r\n", b"\n")).key == read(words).key
    assert read(words + b" And more.").key != read(words).key


def test_messages_in_messages_are_one_file():
    message = mail()
    message.set_content("innermost")
    for _ in range(30):
        outer = mail()
        outer.set_content("around it")
        outer.add_attachment(message)
        message = outer
    found = read(message.as_bytes())
    assert (found.text, found.files) == ("around it", ("message/rfc822",))
