"""What a web server imports: the application, with the nudge that wakes the jobs after each commit."""

from tasks.celery import nudge
from workflow import create_app

app = create_app(nudge=nudge)
