"""A remark is shown as it was typed, in paragraphs, with its web addresses as links."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.text.reading import corpus, read
from tests.support.complete import many
from workflow.rules.text import remark_html


def link(address):
    return f'<a href="{address}" rel="nofollow ugc noopener">{address}</a>'


def test_paragraphs_and_lines_stay():
    assert remark_html("one\ntwo\r\n\r\n\n three ") == "<p>one<br>\ntwo</p>\n<p>three</p>"
    assert remark_html(" \n ") == ""


def test_markup_and_html_are_text():
    assert remark_html("*a* <b>&amp;</b>") == "<p>*a* &lt;b&gt;&amp;amp;&lt;/b&gt;</p>"


def test_web_addresses_become_links_that_nobody_profits_from():
    assert remark_html("https://a.b/c?d=1") == f"<p>{link('https://a.b/c?d=1')}</p>"
    assert remark_html("ftp://a.b javascript:x www.a.b") == "<p>ftp://a.b javascript:x www.a.b</p>"
    assert remark_html("http:// x") == "<p>http:// x</p>"


def test_a_sentence_around_an_address_is_not_part_of_it():
    for before, after in (("See ", "."), ("(", ")"), ("“", "”,"), ("", "?!"), ("[", "]:")):
        assert (
            remark_html(f"{before}http://a.b{after}")
            == f"<p>{before}{link('http://a.b')}{after}</p>"
        )
    assert remark_html("http://a.b/c_(d)") == f"<p>{link('http://a.b/c_(d)')}</p>"


@settings(max_examples=many(100))
@given(st.text(alphabet=st.sampled_from("ab <>&\"'\n\r\thttps://.:()"), max_size=60) | st.text())
def test_every_word_is_shown_and_nothing_acts(text):
    page = read(remark_html(text))
    assert page.dangers == []
    assert set(page.tags) <= {"p", "br", "a"}
    assert page.text.split() == text.replace("\x00", "\x00").split()


def test_naughty_strings_are_shown_as_typed():
    for text in corpus("naughty-strings.json"):
        assert read(remark_html(text)).text.split() == text.split()
