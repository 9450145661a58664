"""An address with a slash too many leads to the one without, and never anywhere else."""

import pytest


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/inbox/", "/inbox"),
        ("/inbox///", "/inbox"),
        ("/inbox/?show=unread&page=2", "/inbox?show=unread&page=2"),
        ("/sign-in/?next=//evil.example/", "/sign-in?next=//evil.example/"),
        ("/c/{slug}/board/", "/c/{slug}/board"),
        ("/c/nowhere/board/", "/c/nowhere/board"),  # what is there is said to whoever may know it
    ],
)
def test_a_slash_too_many_is_taken_away_for_good(client, city, asked, meant):
    answer = client.get(asked.format(slug=city.slug))
    assert (answer.status_code, answer.location) == (308, meant.format(slug=city.slug))
    assert client.head(asked.format(slug=city.slug)).status_code == 308


@pytest.mark.parametrize(
    "asked",
    [
        "//evil.example/",
        "//evil.example/inbox/",
        "///inbox/",
        "/\\evil.example/",
        "/%2F/evil.example/",
        "/nowhere/",
        "/inbox/%0d%0aLocation:%20//evil.example/",
    ],
)
def test_no_address_leads_away_from_here(client, asked):
    answer = client.get(asked)
    seen = 0
    while answer.location and seen < 3:
        assert answer.location.startswith(("/", "http://concord.test/"))
        assert not answer.location.startswith(("//", "/\\"))
        answer, seen = client.get(answer.location), seen + 1
    assert answer.status_code in (200, 302, 404)


def test_an_application_in_a_folder_stays_there(client):
    answer = client.get("/inbox/", environ_overrides={"SCRIPT_NAME": "/concord"})
    assert (answer.status_code, answer.location) == (308, "/concord/inbox")


def test_nothing_is_written_at_such_an_address(client):
    assert client.post("/sign-in/", data={"email": "ana@example.org"}).status_code == 404


def test_a_program_is_led_as_well(client):
    assert client.get("/healthz/live/").location == "/healthz/live"
