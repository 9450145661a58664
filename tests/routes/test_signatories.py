"""The way to a signature in the browser: nothing typed is lost, old screens do no harm, letters reach whom they may."""

import io
from datetime import timedelta

import pytest

from tests import builders
from workflow import storage
from workflow.db import db
from workflow.models import Commitment, Signatory, SignatoryEntry
from workflow.rules.vocabulary import Mandate, Role, SignatoryStatus

PDF = b"%PDF-1.7\nA letter.\n%%EOF\n"
LIST = "/c/ljubljana/signatories"


@pytest.fixture
def heat(app, city, anew):
    """A signatory with its delegate and another member."""
    organisation = builders.organisation("Heat utility")
    return {
        "id": builders.signatory(organisation).id,
        "organisation": organisation,
        "vesna": builders.person(organisation=organisation, mandate=Mandate.DELEGATE),
        "member": builders.person(organisation=organisation),
    }


@pytest.fixture
def vesna(heat, enter):
    return enter(heat["vesna"])


@pytest.fixture
def at(heat):
    return f"{LIST}/{heat['id']}"


def signatory(heat) -> Signatory:
    db.session.expire_all()
    return db.session.get(Signatory, heat["id"])


def seen(heat) -> int:
    return signatory(heat).entries[-1].id


def promise(client, at, **what):
    form = {"text": "No more coal.", "tier": "premium", "tonnes_per_year": "3,100"} | what
    return client.post(f"{at}/commitments", data=form)


def lay(client, at, heat, content=PDF, name="letter.pdf"):
    form = {"letter": (io.BytesIO(content), name), "seen": seen(heat)}
    return client.post(f"{at}/letter", data=form)


def prepared(client, at, heat) -> None:
    assert promise(client, at).status_code == 303
    who = {"representative": "Vesna Oblak", "office": "Director", "seen": signatory(heat).lock}
    assert client.post(f"{at}/who", data=who).location == f"{at}/letter"


def signing(client, at, heat, manifest, **what):
    form = {"sha256": manifest.sha256, "seen": seen(heat), "agreed": "y"} | what
    return client.post(f"{at}/sign", data=form)


def test_a_delegate_goes_from_what_is_promised_to_the_signature(vesna, at, heat):
    assert "Prepare the signature" in vesna.get(at).text
    prepared(vesna, at, heat)
    assert lay(vesna, at, heat).location == f"{at}/sign"
    assert "cannot be signed yet" in vesna.get(f"{at}/sign").text
    manifest = builders.manifest()
    page = vesna.get(f"{at}/sign").text
    assert manifest.sha256 in page and "No more coal." in page and "Vesna Oblak" in page
    assert "Please tick" in signing(vesna, at, heat, manifest, agreed="").text
    assert signing(vesna, at, heat, manifest).location == at
    signed = signatory(heat)
    assert (signed.status, signed.manifest_id) == (SignatoryStatus.SIGNED, manifest.id)
    [one] = signed.commitments
    assert (one.tonnes_per_year, one.tier) == (3100.0, "premium")
    assert "which is in force" in vesna.get(at).text


def test_a_signature_on_an_earlier_state_is_renewed_with_one_click(vesna, at, heat):
    prepared(vesna, at, heat)
    signing(vesna, at, heat, builders.manifest())
    second = builders.manifest()
    assert "a later one is in force" in vesna.get(at).text
    page = vesna.get(f"{at}/sign").text
    assert "What changed since manifest 1" in page and 'name="agreed"' not in page
    assert signing(vesna, at, heat, second, agreed="").status_code == 303
    assert signatory(heat).manifest_id == second.id


def test_an_old_screen_is_refused_with_words(vesna, at, heat):
    prepared(vesna, at, heat)
    first = builders.manifest()
    builders.manifest()
    answer = signing(vesna, at, heat, first)
    assert answer.status_code == 409
    assert "The page has changed" in answer.text
    step = {"to": "legal_check", "seen": seen(heat)}
    assert vesna.post(f"{at}/steps", data=step).status_code == 303
    withdraw = {"to": "withdrawn", "reason": "No.", "seen": step["seen"]}
    assert vesna.post(f"{at}/steps", data=withdraw).status_code == 409


def test_a_step_that_leads_nowhere_says_where_one_can_go(vesna, at, heat):
    answer = vesna.post(f"{at}/steps", data={"to": "invited", "seen": seen(heat)})
    assert answer.status_code == 409
    assert "“Invited”, which does not lead to “Invited”" in answer.text
    assert "“In preparation”, “Legal check”" in answer.text


def test_who_withdraws_says_why_and_what_was_typed_stays(vesna, at, heat):
    vesna.post(f"{at}/steps", data={"to": "in_preparation", "seen": seen(heat)})
    answer = vesna.post(f"{at}/steps", data={"to": "withdrawn", "seen": seen(heat)})
    assert answer.status_code == 422 and "Please say why" in answer.text
    reason = {"to": "withdrawn", "seen": seen(heat), "reason": "The board voted no."}
    assert vesna.post(f"{at}/steps", data=reason).status_code == 303
    assert "The board voted no." in vesna.get(at).text


@pytest.mark.parametrize(
    ("language", "typed", "words"),
    [
        ("en", "3.100", "Is this 3.1, or 3,100?"),
        ("sl", "3,100", "3,1"),
        ("en", "18.5 million", "such as 18,500,000"),
        ("sl", "okoli 5", "18.500.000"),
    ],
)
def test_a_number_that_may_mean_two_things_is_asked_about_and_kept(
    vesna, at, heat, language, typed, words
):
    vesna.post("/language", data={"language": language})
    answer = promise(vesna, at, tonnes_per_year=typed, investment_eur="1.000.000")
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{typed}"' in answer.text
    assert "No more coal." in answer.text
    assert signatory(heat).commitments == []


def test_numbers_are_read_as_the_reader_writes_them(vesna, at, heat):
    vesna.post("/language", data={"language": "sl"})
    answer = promise(vesna, at, tonnes_per_year="3.100,5", investment_eur="1 000 000 €")
    assert answer.status_code == 303
    [one] = signatory(heat).commitments
    assert (one.tonnes_per_year, one.investment_eur) == (3100.5, 1_000_000.0)
    assert 'value="3.100,5"' in vesna.get(f"{at}/commitments/{one.id}").text


def test_a_commitment_is_changed_and_taken_out(vesna, at, heat):
    promise(vesna, at, may_publish="y", by_year="2030")
    [one] = signatory(heat).commitments
    page = vesna.get(f"{at}/commitments/{one.id}").text
    assert "checked" in page and 'value="3,100"' in page
    form = {"text": "No coal, no gas.", "tier": "basis", "seen": one.lock}
    for _click in range(2):
        assert vesna.post(f"{at}/commitments/{one.id}", data=form).status_code == 303
    stale = vesna.post(f"{at}/commitments/{one.id}", data=form | {"text": "Some coal."})
    assert stale.status_code == 409
    assert "Some coal." in stale.text
    [one] = signatory(heat).commitments
    assert (one.text, one.tonnes_per_year, one.may_publish) == ("No coal, no gas.", None, False)
    assert vesna.post(f"{at}/commitments/{one.id}/remove").status_code == 303
    assert signatory(heat).commitments == []


def test_after_the_signature_only_the_consent_can_be_changed(vesna, at, heat):
    prepared(vesna, at, heat)
    signing(vesna, at, heat, builders.manifest())
    [one] = signatory(heat).commitments
    page = vesna.get(f"{at}/commitments/{one.id}").text
    assert 'type="hidden" name="text" value="No more coal."' in page
    same = {"text": one.text, "tier": "premium", "tonnes_per_year": "3,100", "seen": one.lock}
    assert (
        vesna.post(f"{at}/commitments/{one.id}", data=same | {"may_publish": "y"}).status_code
        == 303
    )
    assert db.session.get(Commitment, one.id, populate_existing=True).may_publish
    lock = db.session.get(Commitment, one.id).lock
    other = same | {"text": "Less.", "seen": lock}
    answer = vesna.post(f"{at}/commitments/{one.id}", data=other)
    assert answer.status_code == 422 and "does not change" in answer.text


def test_a_commitment_of_another_signatory_is_not_there(vesna, at, heat):
    other = builders.signatory(promises=["Theirs."])
    foreign = other.commitments[0].id
    for address in (f"{at}/commitments/{foreign}", f"{LIST}/{other.id}/commitments/{foreign}"):
        assert vesna.get(address).status_code in (403, 404)
        assert vesna.post(f"{address}/remove").status_code in (403, 404)
    assert db.session.query(Commitment).count() == 1


def test_the_city_records_what_came_on_paper(city, at, heat, enter):
    client = enter(city.coordinator)
    prepared(client, at, heat)
    manifest = builders.manifest()
    answer = signing(client, at, heat, manifest)
    assert answer.status_code == 422 and "upload the signed letter" in answer.text
    lay(client, at, heat, name="Pismo.pdf")
    day = builders.today() - timedelta(days=3)
    assert signing(client, at, heat, manifest, on=day.isoformat()).status_code == 303
    assert signatory(heat).signed_on == day
    page = client.get(at).text
    assert "for the city" in page and "Pismo.pdf" in page


def test_a_letter_is_saved_and_never_shown_and_others_do_not_find_it(city, at, heat, vesna, enter):
    lay(vesna, at, heat, name="../Pismo o nameri.html")
    key = signatory(heat).letter_key
    answer = vesna.get(f"{at}/letters/{key}")
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Pismo o nameri.pdf"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    observer = enter(city.observer)
    assert observer.get(f"{at}/letters/{key}").status_code == 404
    assert enter(city.editor).get(f"{at}/letters/{key}").status_code == 200
    assert enter(heat["member"]).get(f"{at}/letters/{key}").status_code == 200
    lay(vesna, at, heat, PDF.replace(b"A letter", b"Another"))
    consent = {"representative": "V.", "may_publish": "y", "seen": signatory(heat).lock}
    vesna.post(f"{at}/who", data=consent)
    assert observer.get(f"{at}/letters/{signatory(heat).letter_key}").status_code == 200
    assert observer.get(f"{at}/letters/{key}").status_code == 404
    assert vesna.get(f"{at}/letters/{key}").status_code == 200


def test_no_other_file_of_the_store_is_a_letter(vesna, at, heat, enter):
    other = builders.signatory()
    key = storage.keep(b"%PDF-1.7 somebody else's document %%EOF")
    assert vesna.get(f"{at}/letters/{key}").status_code == 404
    assert vesna.get(f"{LIST}/{other.id}/letters/{key}").status_code == 404
    assert vesna.get(f"{at}/letters/..%2f..%2fsecret").status_code == 404


@pytest.mark.parametrize(("size", "status"), [(6, 303), (11, 413)])
def test_a_scan_may_be_larger_than_what_else_people_send(vesna, at, heat, size, status):
    content = PDF[:9] + b"0" * (size * 1024 * 1024) + PDF[9:]
    assert lay(vesna, at, heat, content).status_code == status
    assert (signatory(heat).letter_key is not None) == (status == 303)


def test_what_is_no_letter_is_refused_beside_its_field(vesna, at, heat):
    answer = lay(vesna, at, heat, b"<script>alert(1)</script>", name="letter.pdf")
    assert answer.status_code == 422
    assert "Please take a PDF" in answer.text


@pytest.mark.parametrize("path", ["/commitments", "/who", "/letter", "/sign"])
def test_only_who_takes_steps_opens_their_pages(city, at, heat, enter, path):
    assert enter(heat["vesna"]).get(at + path).status_code == 200
    assert enter(city.coordinator).get(at + path).status_code == 200
    for person in (heat["member"], city.editor, city.observer):
        assert enter(person).get(at + path).status_code == 403
        assert enter(person).post(at + path, data={}).status_code == 403


@pytest.mark.parametrize("role", list(Role))
def test_everybody_who_takes_part_reads_the_list_and_a_signatory(city, at, heat, enter, role):
    client = enter(getattr(city, role.value))
    assert "Heat utility" in client.get(LIST).text
    assert client.get(at).status_code == 200
    assert client.get(f"{LIST}.csv").status_code == 200


def test_a_signatory_of_another_contract_is_not_there(city, heat, vesna, at):
    elsewhere = builders.contract("kranj")
    stranger = builders.signatory(builders.organisation(contract=elsewhere))
    assert vesna.get(f"{LIST}/{stranger.id}").status_code == 404
    assert vesna.get("/c/kranj/signatories").status_code == 404


def test_the_day_is_set_by_the_city_only(city, at, heat, enter, vesna):
    assert (
        enter(city.coordinator).post(f"{at}/due", data={"due_on": "2027-01-31"}).status_code == 303
    )
    assert signatory(heat).due_on.isoformat() == "2027-01-31"
    assert vesna.post(f"{at}/due", data={"due_on": ""}).status_code == 403


def test_the_city_reminds_once_a_day(city, at, heat, enter, vesna):
    client = enter(city.coordinator)

    def remind() -> str:
        return client.post(f"{at}/reminder", follow_redirects=True).text

    assert "Please set first" in remind()
    client.post(f"{at}/due", data={"due_on": "2027-01-31"})
    assert "is on its way" in remind()
    assert "today already" in remind()
    assert vesna.post(f"{at}/reminder").status_code == 403
    step = {"to": "withdrawn", "reason": "No.", "seen": seen(heat)}
    client.post(f"{at}/steps", data=step)
    assert "Nothing is awaited" in remind()


def test_the_page_of_the_organisation_leads_to_its_signature(vesna, heat, at):
    page = vesna.get(f"/c/ljubljana/organisations/{heat['organisation'].id}").text
    assert f'href="{at}"' in page
    assert "Commitments and signature" in page


def test_a_double_click_on_any_button_makes_one_step(vesna, at, heat):
    prepared(vesna, at, heat)
    manifest = builders.manifest()
    form = {"sha256": manifest.sha256, "seen": seen(heat), "agreed": "y"}
    for _click in range(2):
        assert vesna.post(f"{at}/sign", data=form).status_code == 303
    assert db.session.query(SignatoryEntry).filter_by(manifest_id=manifest.id).count() == 1
