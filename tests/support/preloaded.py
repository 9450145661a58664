"""All that a web server, a worker and a clock read before they begin; imported by the mother of `nursery` alone.

Neither `wsgi` nor `tasks`, which look at the environment while they are read.
"""

# ruff: noqa: F401

from pathlib import Path
from tempfile import TemporaryDirectory

import celery.apps.beat
import celery.apps.worker
import celery.bin.celery
import celery.concurrency.prefork
import celery.concurrency.thread
import celery.worker.consumer.consumer
import flask.cli
import gunicorn.app.wsgiapp
import gunicorn.workers.gthread
import kombu.transport.redis
import psycopg
import sqlalchemy.dialects.postgresql.psycopg
import sqlalchemy.dialects.sqlite.pysqlite

from workflow import create_app

with (
    TemporaryDirectory() as _folder
):  # an application that nobody asks anything, for all that making one reads
    create_app(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "DATA_DIR": Path(_folder),
            "SECRET_KEY": "for nobody",
        }
    )
