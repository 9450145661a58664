"""What letters say of reviewers' questions beyond their sentence: the words, who asks, until when, where to answer."""

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from .. import dates
from ..labels import label
from ..models import Event
from ..rules.vocabulary import EventKind


def words(event: Event) -> str:
    """What is asked, or what was answered."""
    if event.question is None:
        return ""
    answered = event.kind is EventKind.QUESTION_ANSWERED
    return event.question.answer if answered else event.question.text


def facts(event: Event) -> list[str]:
    """Who asks, under which reference, and until when the answer is awaited."""
    question = event.question
    if question is None:
        return []
    named = " ".join(filter(None, (label(question.body), question.reference)))
    lines = [_("Asked by: %(body)s.", body=named)]
    if question.due_on:
        lines.append(
            _("The answer is due on %(day)s.", day=dates.day(question.due_on, get_locale()))
        )
    return lines


def link(event: Event) -> tuple[str, str]:
    """The question, where it came alone; else the register."""
    slug = event.contract.slug
    if event.question is None:
        address = url_for("questions.index", slug=slug, _external=True)
        return address, _("Open the register of questions")
    address = url_for("questions.show", slug=slug, number=event.question.number, _external=True)
    return address, _("Open the question")
