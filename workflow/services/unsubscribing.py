"""The way out that every digest offers: a signed token that names a person and does nothing else."""

from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from ..db import db
from ..models import Person


def token(person: Person) -> str:
    """A token for the link in a letter. It never ages: whoever finds an old letter may still want out."""
    return _serializer().dumps(person.id)


def person_of(token: str) -> Person | None:
    """The person whose letters the token may stop, or None when it is not ours."""
    try:
        person_id = _serializer().loads(token)
    except BadSignature:
        return None
    return db.session.get(Person, person_id)


def _serializer() -> URLSafeSerializer:
    return _with(current_app.config["SECRET_KEY"])


@lru_cache(maxsize=4)
def _with(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt="unsubscribe")
