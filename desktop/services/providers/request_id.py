"""A service's own name for a request, which its support asks for."""

from collections.abc import Mapping

_HEADERS = ("request-id", "x-request-id", "apim-request-id", "x-amzn-requestid", "x-goog-request-id", "cf-ray")
LONGEST = 200


def request_id(headers: Mapping[str, str]) -> str:
    """The name in an answer's headers, which are in lower case or do not mind; empty where there is none."""
    named = (headers.get(name, "") for name in _HEADERS)
    return next((one[:LONGEST] for one in named if one), "")
