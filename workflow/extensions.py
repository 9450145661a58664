"""The Flask extensions, created once and bound to the application by the assembly."""

from functools import cached_property

from babel.support import NullTranslations
from flask import g
from flask_babel import Babel, Domain
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect


class Words(Domain):
    """The catalogue of the reader's language, looked for once in a request instead of at each word.

    It stays where Flask-Babel empties it when another language is chosen or forced.
    """

    def get_translations(self) -> NullTranslations:
        kept = g.get("_flask_babel") if g else None
        if kept is None:
            return super().get_translations()
        if getattr(kept, "babel_translations", None) is None:
            kept.babel_translations = super().get_translations()
        return kept.babel_translations


class Languages(Babel):
    @cached_property
    def domain_instance(self) -> Words:
        return Words(domain=self.domain)


babel = Languages()
csrf = CSRFProtect()
limiter = Limiter(
    key_func=get_remote_address,
    strategy="moving-window",
    in_memory_fallback_enabled=True,  # without the shared store each process counts for itself
)
login = LoginManager()
migrate = Migrate(render_as_batch=True)
