"""HTTP's failures: what an error of the transport means for a person."""

import httpx

from desktop.domain.errors import Offline, ProviderDown, ProviderError, StreamInterrupted, TimedOut


def transport_error(
    name: str, request: httpx.Request, error: httpx.HTTPError, proxy: str, *, sent: bool
) -> ProviderError:
    """The error for a request that got no answer.

    Args:
        name: the service's name, for the sentence.
        proxy: the proxy that was used, if any.
        sent: whether the request had left, so that it may have been answered.
    """
    detail = _words(error)
    if isinstance(error, httpx.TransportError) and (sentence := _unreached(name, request, error, proxy)):
        return Offline(sentence, detail)
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{name} did not take the request in time.", detail)
    return ProviderDown(f"{name} closed the connection without an answer.", detail, ambiguous=sent)


def broken_off(name: str, error: httpx.HTTPError) -> ProviderError:
    """The error for an answer that ended before its end."""
    return StreamInterrupted(f"The connection to {name} broke off before the reply was complete.", _words(error))


def _unreached(name: str, request: httpx.Request, error: httpx.TransportError, proxy: str) -> str:
    """Why no connection came about; empty where one did."""
    place = request.url.netloc.decode("ascii", "replace")
    if isinstance(error, httpx.ProxyError):
        return f"The proxy {proxy} did not connect to {place}. Check it in Settings."
    if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return ""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return f"The certificate of {place} could not be verified, so nothing was sent."
    if proxy:
        return f"{name} could not be reached through the proxy {proxy}. Is it running? It is set in Settings."
    missed = "did not answer" if isinstance(error, httpx.ConnectTimeout) else "could not be reached"
    return f"{name} {missed} at {place}. Is it running, and is the address right?"


def _words(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
