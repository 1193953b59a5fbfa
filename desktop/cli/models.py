"""`parley models`: what can be asked."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.services.suite import Services


async def print_models(services: "Services") -> int:
    """Print each model of each service that is set up; returns 1 if a service did not answer."""
    listed = await services.models.list()
    for one in listed:
        print(f"{one.service.name} ({one.service.destination})")
        for model in one.models:
            print(f"  {model.ref.name}")
        if one.problem is not None:
            print(f"  {one.problem.sentence}")
    return int(any(one.problem for one in listed))
