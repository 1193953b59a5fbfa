"""Where a message to a service goes, in words."""

import pytest

from desktop.domain.address import Reach, parse_address
from desktop.domain.service import Service, Wire


@pytest.mark.parametrize(
    ("base_url", "reach", "destination"),
    [
        (None, Reach.BUILT_IN, "Built in"),
        ("http://127.0.0.1:11434", Reach.LOCAL, "Local"),
        ("http://[::1]:8080/v1", Reach.LOCAL, "Local"),
        ("http://192.168.1.4:8080", Reach.NETWORK, "Network · 192.168.1.4"),
        ("http://nas.local", Reach.NETWORK, "Network · nas.local"),
        ("https://api.openai.com/v1", Reach.CLOUD, "Cloud · api.openai.com"),
        ("https://127.0.0.1.evil.example", Reach.CLOUD, "Cloud · 127.0.0.1.evil.example"),
    ],
)
def test_the_destination_names_whoever_reads_the_message(base_url: str | None, reach: Reach, destination: str) -> None:
    service = Service("it", "It", Wire.OLLAMA, None if base_url is None else parse_address(base_url))
    assert (service.reach, service.destination) == (reach, destination)
