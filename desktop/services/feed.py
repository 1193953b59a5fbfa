"""The feed: every event of the services, to whoever listens."""

import asyncio

from desktop.domain.events import Event


class Subscription:
    """The events published from now on, in order, until closed."""

    def __init__(self, feed: "Feed") -> None:
        self._feed = feed
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def __aiter__(self) -> "Subscription":
        return self

    async def __anext__(self) -> Event:
        return await self._queue.get()

    def put(self, event: Event) -> None:
        """Take an event; never waits."""
        self._queue.put_nowait(event)

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
