"""The way out that every digest offers: a signed token that names a person and does nothing else."""

from functools import lru_cache

from flask import current_app
from itsdangerous import BadSignature, Signer, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from ..db import db
from ..models import Person


def token(person: Person) -> str:
    """A token for the link in a letter. It never ages: whoever finds an old letter may still want out."""
    number = base64_encode(str(person.id)).decode()  # as the serializer writes a short number
    return _signer(current_app.config["SECRET_KEY"]).sign(number).decode()


def person_of(token: str) -> Person | None:
    """The person whose letters the token may stop, or None when it is not ours."""
    try:
        person_id = _serializer().loads(token)
    except BadSignature:
        return None
    return db.session.get(Person, person_id)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="unsubscribe")


@lru_cache(maxsize=4)
def _signer(key: str) -> Signer:
    """Signs as the serializer does, with a key that is derived once."""
    derived = URLSafeSerializer(key, salt="unsubscribe").make_signer().derive_key()
    return Signer(derived, key_derivation="none")
