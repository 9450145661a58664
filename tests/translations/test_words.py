"""The catalogue is looked for once in a request, and again when another language is spoken there."""

from flask import session
from flask_babel import force_locale, get_translations, gettext, refresh

from tests import builders
from workflow.queries import permits
from workflow.rules.policy import Place
from workflow.rules.vocabulary import Role


def test_words_follow_the_language_within_one_request(app):
    with app.test_request_context():
        assert gettext("Sign in") == "Sign in"
        assert get_translations() is get_translations()
        with force_locale("sl"):
            slovene = gettext("Sign in")
            assert slovene != "Sign in"
            with force_locale("en"):
                assert gettext("Sign in") == "Sign in"
            assert gettext("Sign in") == slovene
        assert gettext("Sign in") == "Sign in"
        session["language"] = "sl"
        refresh()
        assert gettext("Sign in") == slovene


def test_words_follow_the_language_without_a_request(ctx):
    for language, words in (("en", "Sign in"), ("sl", "Prijava"), ("en", "Sign in")):
        with force_locale(language):
            assert gettext("Sign in") == words


def test_why_somebody_may_not_is_said_in_his_language(ctx):
    reader = builders.person(Role.OBSERVER)
    place = Place(reader.memberships[0].contract_id)

    def said(language: str) -> str:
        with force_locale(language):
            return permits.permits(reader, place)["answer"].reason

    assert said("en").startswith("Your role does not include this. It is for: ")
    assert said("sl").startswith("Vaša vloga")
