"""How each part of the portal is started; the demo, the image and the compose file agree on it."""

# Pages run in threads, each with a database connection that it keeps; live streams share the event
# loop of the same process (config.asgi).
WEB = [
    "gunicorn",
    "config.asgi:application",
    "--worker-class",
    "config.live_worker.LiveWorker",
    "--no-control-socket",
]
WORKER = ["celery", "-A", "config", "worker", "--concurrency", "2", "--loglevel", "INFO"]
BEAT = ["celery", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="]
