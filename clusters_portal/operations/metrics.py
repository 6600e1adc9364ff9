"""What Prometheus reads: requests of this process (of all of them with PROMETHEUS_MULTIPROC_DIR), and the state of the portal."""

import os
import time

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from ..audit.models import AuditEntry
from . import probes
from .models import FailedTask

REQUESTS = Counter("portal_requests", "Requests answered", ["method", "view", "status"])
SECONDS = Histogram("portal_request_seconds", "Time to answer", ["view"], buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10))
METHODS = {"GET", "HEAD", "POST", "OPTIONS"}


class MetricsMiddleware:
    """Counts and times every answer by the name of its view: addresses hold identifiers, and would never stop growing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.monotonic()
        response = self.get_response(request)
        match = getattr(request, "resolver_match", None)
        view = match.view_name or "unnamed" if match else "none"
        REQUESTS.labels(request.method if request.method in METHODS else "OTHER", view, response.status_code).inc()
        SECONDS.labels(view).observe(time.monotonic() - started)
        return response


class State:
    """Gauges read from the database at each scrape. Four queries."""

    def collect(self):
        outbox = probes.outbox_state()
        values = {
            "portal_outbox_waiting": ("Mails that wait to be sent", outbox["waiting"]),
            "portal_outbox_age_seconds": ("Age of the oldest mail that waits", outbox["age"]),
            "portal_outbox_failed": ("Mails given up", outbox["failed"]),
            "portal_failed_tasks": ("Tasks that failed and were not run again", FailedTask.objects.filter(retried_at=None).count()),
            "portal_journal_unsealed": ("Journal entries that wait for their seal", AuditEntry.objects.filter(seal=None).count()),
        }
        for name, (text, value) in values.items():
            yield GaugeMetricFamily(name, text, value=value)
        # The heartbeat goes through each queue like its tasks: its age is the delay of the queue.
        ages = GaugeMetricFamily("portal_queue_age_seconds", "Since a worker last ran the heartbeat of the queue", labels=["queue"])
        for queue, age in probes.queue_ages().items():
            ages.add_metric([queue], age.total_seconds() if age is not None else float("inf"))
        yield ages


def text() -> bytes:
    """Everything, in Prometheus' text format."""
    state = CollectorRegistry()
    state.register(State())
    processes = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # the library's own switch: read there, and nowhere else of ours
        processes = CollectorRegistry()
        MultiProcessCollector(processes)
    return generate_latest(state) + generate_latest(processes)
