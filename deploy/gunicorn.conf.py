"""How gunicorn serves Concord in production; `gunicorn --config deploy/gunicorn.conf.py wsgi:app`."""

import os

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = 8
preload_app = True
max_requests = 2000
max_requests_jitter = 200
control_socket_disable = True
accesslog = "-"
access_log_format = "%(h)s %(m)s %(U)s %(s)s %(B)s bytes in %(M)s ms"
