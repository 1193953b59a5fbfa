"""The feed: every event of the services, to whoever listens."""

import asyncio
from collections import deque

from desktop.domain.events import Event


class Subscription:
    """The events published from now on, in order, until closed."""

    def __init__(self, feed: "Feed") -> None:
        self._feed = feed
        self._events: deque[Event] = deque()  # a third of the price of asyncio.Queue, once for each chunk
        self._arrived = asyncio.Event()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            self._arrived.clear()
            await self._arrived.wait()
        return self._events.popleft()

    def put(self, event: Event) -> None:
        """Take an event; never waits."""
        self._events.append(event)
        self._arrived.set()

    def close(self) -> None:
        """Listen no longer."""
        self._feed.drop(self)


class Feed:
    """Hands each published event to every subscription. Belongs to the service loop."""

    def __init__(self) -> None:
        self._subscriptions: list[Subscription] = []

    def publish(self, event: Event) -> None:
        """Give an event to all present subscriptions; never waits."""
        for subscription in self._subscriptions:
            subscription.put(event)

    def subscribe(self) -> Subscription:
        """A new subscription, listening at once."""
        subscription = Subscription(self)
        self._subscriptions.append(subscription)
        return subscription

    def drop(self, subscription: Subscription) -> None:
        """Forget a subscription."""
        self._subscriptions.remove(subscription)
