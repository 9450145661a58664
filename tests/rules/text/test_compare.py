"""Two revisions read as one page: what came, what went, what moved, also for those who listen."""

from hypothesis import given, settings

from tests.rules.text.reading import markdown, read
from tests.support.complete import many
from workflow.rules.text import compare, render
from workflow.rules.text.marks import Labels

BARE = Labels("", "", "", "", "", "", "")
TABLE = "| What | 2030 |\n|---|---|\n| Trams | 10 |\n| Buses | 20 |\n"


def compared(old, new, labels=BARE):
    return compare.html(render(old, heading_offset=1), render(new, heading_offset=1), labels=labels)


def test_equal_texts_have_no_marks():
    source = f"# A\n\n- b\n- c\n\n> d[^1]\n\n{TABLE}\n---\n\n[^1]: e"
    html = compared(source, source)
    assert {"ins", "del"}.isdisjoint(read(html).tags)
    assert 'class="changed' not in html
    assert "<hr>" in html


def test_changed_words_are_marked_inside_their_formatting():
    assert compared("We save **30 %** now.", "We save **40 %** now.") == (
        '<p class="changed">We save <strong><del>30</del><ins>40</ins> %</strong> now.</p>\n'
    )


def test_new_and_removed_blocks_are_marked_as_a_whole():
    html = compared("one plan\n\ntwo trams", "one plan\n\n## three roofs")
    assert '<p class="removed"><del>two trams</del></p>' in html
    assert '<h3 id="t-three-roofs" class="added"><ins>three roofs</ins></h3>' in html


def test_a_moved_block_is_marked_in_both_places():
    first, second, third = "The first plan is long.", "The second plan is green.", "A third one."
    html = compared(f"{first}\n\n{second}\n\n{third}", f"{second}\n\n{third}\n\n{first}")
    assert html.count('class="moved"') == html.count('class="moved-away"') == 1
    assert '<p class="moved">The first plan is long.</p>' in html


def test_items_of_a_list_are_compared_one_by_one():
    html = compared("- one plan\n- two trams", "- one plan\n- new roofs\n- two fast trams")
    assert '<li class="added"><span><ins>new roofs</ins></span>' in html
    assert "two <ins>fast </ins>trams" in html


def test_tables_are_compared_by_cell():
    html = compared(TABLE, TABLE.replace("| 20 |", "| 25 |"))
    assert html.count("<ins>") == html.count("<del>") == 1
    assert '<td class="changed number"><del>20</del><ins>25</ins></td>' in html


def test_a_row_is_added_and_removed_as_a_row():
    html = compared(TABLE, TABLE.replace("| Trams | 10 |", "| Ferries | 3 |"))
    assert html.count('<tr class="added">') == html.count('<tr class="removed">') == 1


def test_a_new_column_is_marked_in_every_row():
    new = "| What | Unit | 2030 |\n|---|---|---|\n| Trams | km | 10 |\n| Buses | km | 20 |\n"
    html = compared(TABLE, new)
    assert html.count("<ins>") == 3
    assert "<del>" not in html
    assert compared(new, TABLE).count("<del>") == 3


def test_a_renamed_column_stays_a_column():
    html = compared(TABLE, TABLE.replace("2030", "2040"))
    assert html.count("<ins>") == html.count("<del>") == 1


def test_a_new_footnote_does_not_change_the_numbers_of_the_others():
    old = "a[^x] words here\n\n[^x]: ex"
    new = "new[^y] a[^x] words here\n\n[^x]: ex\n[^y]: why"
    html = compared(old, new)
    assert "<del>" not in html
    assert "<ins>[1]</ins>" in html
    assert "<ins>[2]</ins>" not in html


def test_changed_formatting_is_told():
    html = compared("see [here](/a)", "see [here](/b)", Labels(reformatted="formatting changed: "))
    assert 'class="reformatted"' in html
    assert '<span class="visually-hidden">formatting changed: </span>' in html


def test_the_marks_are_said_in_words():
    text = read(compared("We save 30 % now.", "We save 40 % now.", Labels())).text
    assert " ".join(text.split()) == (
        "We save deleted: 30 end of deletion. inserted: 40 end of insertion. % now."
    )
    said = compared("a one", "a two", Labels(inserted="vstavljeno: "))
    assert '<span class="visually-hidden">vstavljeno: </span>' in said


@settings(max_examples=many(100))
@given(markdown, markdown)
def test_a_comparison_is_safe_valid_and_complete(old, new):
    before, after = render(old), render(new)
    html = compare.html(before, after, labels=BARE)
    page = read(html)
    assert page.dangers == []
    assert len(page.ids) == len(set(page.ids))
    shown = set(page.text.split())
    whole = "".join(page.text.split())
    for block in after.blocks:
        words = after.plain[block.start : block.end].split()
        if "<del" not in html:
            assert "".join(words) in whole
    assert "<ins" in html or "<del" in html or set(before.plain.split()) <= shown
