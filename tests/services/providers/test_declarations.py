"""The services that Parley knows by name."""

from desktop.domain.address import Reach
from desktop.services.providers.declarations import CLOUD, DECLARED, GUIDE, LOCAL


def test_each_service_has_a_name_of_its_own() -> None:
    everyone = (GUIDE, *DECLARED)
    assert len({one.id for one in everyone}) == len({one.name for one in everyone}) == len(everyone)


def test_a_cloud_service_is_asked_with_a_key_and_over_tls_only() -> None:
    for service in CLOUD:
        assert (service.reach, service.needs_key) == (Reach.CLOUD, True)
        assert service.address is not None
        assert service.address.scheme == "https"
        assert service.key_variables


def test_a_local_service_is_on_a_port_of_its_own_and_without_a_key() -> None:
    assert {(service.reach, service.needs_key, service.key_variables) for service in LOCAL} == {
        (Reach.LOCAL, False, ())
    }
    assert len({service.address for service in LOCAL}) == len(LOCAL)
