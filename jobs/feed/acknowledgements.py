"""What was asked on one connection and is not confirmed yet; the time is an argument."""

from dataclasses import dataclass

from jobs.venue import Subscription


@dataclass(slots=True)
class _Request:
    subscription: Subscription
    missing: set[str]
    sent: float
    times: int = 1


class Acknowledgements:
    """Confirmations still awaited; a subscription without keys awaits none."""

    def __init__(self, *, within: float, requests: int) -> None:
        self._within = within
        self._requests = requests
        self._awaited: dict[Subscription, _Request] = {}
        self._request_of: dict[str, _Request] = {}

    @property
    def complete(self) -> bool:
        """True while no confirmation is missing."""
        return not self._awaited

    def sent(self, subscription: Subscription, now: float) -> None:
        """Await the keys of a subscription that was sent, for the first time or once more."""
        if request := self._awaited.get(subscription):
            request.sent = now
            request.times += 1
        elif subscription.keys:
            request = _Request(subscription, set(subscription.keys), now)
            self._awaited[subscription] = request
            self._request_of.update(dict.fromkeys(subscription.keys, request))

    def settled(self, key: str) -> None:
        """The venue confirmed or refused this key: it is not awaited any more."""
        if request := self._request_of.pop(key, None):
            request.missing.discard(key)
            if not request.missing:
                del self._awaited[request.subscription]

    def overdue(self, now: float) -> list[Subscription]:
        """Those to send again: unconfirmed for too long, and asked fewer times than allowed."""
        return [
            request.subscription
            for request in self._awaited.values()
            if now - request.sent >= self._within and request.times < self._requests
        ]

    def given_up(self, now: float) -> list[str]:
        """Keys that never came although asked for as often as allowed; each is told once."""
        hopeless = [
            request
            for request in self._awaited.values()
            if now - request.sent >= self._within and request.times >= self._requests
        ]
        keys = [key for request in hopeless for key in sorted(request.missing)]
        for key in keys:
            self.settled(key)
        return keys
