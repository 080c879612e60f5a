"""How each part of the portal is started; the demo, the image and the compose file agree on it."""

WEB = ["gunicorn", "config.asgi:application", "--worker-class", "asgi", "--no-control-socket"]
WORKER = ["celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"]
BEAT = ["celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
