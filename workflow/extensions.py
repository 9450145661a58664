"""The Flask extensions, created once and bound to the application by the assembly."""

from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect

babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(
    key_func=get_remote_address,
    strategy="moving-window",
    in_memory_fallback_enabled=True,  # without the shared store each process counts for itself
)
login = LoginManager()
migrate = Migrate(render_as_batch=True)
