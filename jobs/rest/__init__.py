"""The one REST poller: budgets, Retry-After, circuit breaker."""

from jobs.rest.activity import Activity, ActivityReader
from jobs.rest.answers import Failure, RestError
from jobs.rest.circuit import Circuit
from jobs.rest.health import RestHealth, RestStatus
from jobs.rest.history import HistoryReader
from jobs.rest.markets import fetch_markets
from jobs.rest.patience import Patience
from jobs.rest.poller import Poller
from jobs.rest.timetable import keep_due, schedule

__all__ = [
    "Activity",
    "ActivityReader",
    "Circuit",
    "Failure",
    "HistoryReader",
    "Patience",
    "Poller",
    "RestError",
    "RestHealth",
    "RestStatus",
    "fetch_markets",
    "keep_due",
    "schedule",
]
