"""How each part of the portal is started; the demo, the image and the compose file agree on it."""

# Threads, each with a database connection that it keeps. Under the ASGI worker every request was a
# new thread with a new connection: measured a third slower, and old ones piled up.
WEB = [
    "gunicorn",
    "config.wsgi:application",
    "--worker-class",
    "gthread",
    "--threads",
    "8",
    "--no-control-socket",
]
WORKER = ["celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"]
BEAT = ["celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
