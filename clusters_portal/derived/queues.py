"""The queues of the tasks: which task goes where, and what becomes of one whose worker died.

Two workers read them (deploy/): what a person waits for is never behind a night's virus scans.
"""

DEFAULT, MAIL, SCAN, PDF, EXPORTS = "default", "mail", "scan", "pdf", "exports"
ALL = (DEFAULT, MAIL, SCAN, PDF, EXPORTS)

# By name, the first that fits; what is named nowhere is short and goes to DEFAULT.
ROUTES = {
    "notifications.*": {"queue": MAIL},
    "applications.send_reminders": {"queue": MAIL},
    "*.scan_*": {"queue": SCAN},
    "*.rescan_*": {"queue": SCAN},
    "*.draw_*": {"queue": PDF},
    # Long computations whose result is read later.
    "evaluation.advise_*": {"queue": EXPORTS},
    # Has a longer limit of its own: its row says that it is at work, and a second delivery leaves it alone.
    "evaluation.prepare_*": {"queue": EXPORTS},
}

# A task is given up after ten minutes. One whose worker vanished is given to another after fifteen: longer than any may
# last, so that none runs twice at once; and running it again does nothing more, whichever it is.
HARD_LIMIT, SOFT_LIMIT, TAKEN_BACK_AFTER = 600, 570, 900  # seconds
BATCH_LIMIT = 480  # a task that works through a list stops by itself after this: its next run goes on

TRANSPORT = {
    "visibility_timeout": TAKEN_BACK_AFTER,
    # A broker that is away costs a request a moment, not a minute: the act is kept, the schedule finds what was not sent.
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
}
PUBLISHING = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}


def celery(redis_url: str) -> dict:
    """The settings of Celery. Without a broker tasks run inline, after the commit."""
    return {
        "CELERY_BROKER_URL": redis_url or "memory://localhost/",
        "CELERY_TASK_ALWAYS_EAGER": not redis_url,
        "CELERY_TASK_DEFAULT_QUEUE": DEFAULT,
        "CELERY_TASK_ROUTES": ROUTES,
        "CELERY_TASK_ACKS_LATE": True,  # a task leaves the queue when it is done: a worker that dies loses none
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,  # what a worker has not begun is anybody's
        "CELERY_TASK_TIME_LIMIT": HARD_LIMIT,
        "CELERY_TASK_SOFT_TIME_LIMIT": SOFT_LIMIT,
        "CELERY_BROKER_TRANSPORT_OPTIONS": TRANSPORT if redis_url else {},
        "CELERY_TASK_PUBLISH_RETRY_POLICY": PUBLISHING,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,  # a worker waits for its broker, however long it takes
        "CELERY_BROKER_CONNECTION_MAX_RETRIES": None,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TIMEZONE": "UTC",
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,  # workers log as everybody
    }
