"""How Alembic reaches our tables: the application's own engine, both databases, batch mode for SQLite."""

from alembic import context
from flask import current_app

from workflow.db import Base

database = current_app.extensions["migrate"].db


def run() -> None:
    with database.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
