"""Every kind of event can be said, on pages as in letters."""

import pytest
from flask_babel import force_locale

from workflow.labels import label
from workflow.rules.vocabulary import EventKind, ReminderKind, SignatoryStatus, Stance
from workflow.sentences import REMINDERS, SENTENCES, Named, told

NAMES = Named(
    who="Ana Novak",
    person="Bor Kos",
    section="A-2.3",
    revision=4,
    number=7,
    round=2,
    stance=Stance.OBJECT,
    organisation="Toplota",
    manifest=3,
    status=SignatoryStatus.SIGNED,
    question=9,
)


@pytest.mark.parametrize("language", ["en", "sl"])
@pytest.mark.parametrize("kind", set(EventKind) - {EventKind.REMINDER_DUE})
def test_every_kind_of_event_has_its_sentence(ctx, kind, language):
    with force_locale(language):
        said = told(kind, NAMES)
    assert said
    assert "%(" not in said


@pytest.mark.parametrize("kind", ReminderKind)
def test_every_kind_of_reminder_has_its_sentence(ctx, kind):
    with force_locale("en"):
        assert "%(" not in told(EventKind.REMINDER_DUE, NAMES, reminder=kind)


def test_a_sentence_says_the_position_and_the_status_in_words(ctx):
    with force_locale("en"):
        assert label(Stance.OBJECT) in told(EventKind.POSITION_TAKEN, NAMES)
        assert label(SignatoryStatus.SIGNED) in told(EventKind.SIGNATORY_MOVED, NAMES)


def test_nothing_is_said_twice():
    assert set(SENTENCES) == set(EventKind) - {EventKind.REMINDER_DUE}
    assert set(REMINDERS) == set(ReminderKind)
