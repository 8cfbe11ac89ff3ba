"""The composition roots: which adapter stands behind which port, one container for each family of adapters.

::

    container = PostgresContainer()            # reads nothing, connects nowhere
    async with container.resources():          # opens what lives as long as the application
        await container.place_order()(order)
"""

from infrastructure.containers.application import ApplicationContainer
from infrastructure.containers.memory import MemoryContainer
from infrastructure.containers.postgres import PostgresContainer

__all__ = ["ApplicationContainer", "MemoryContainer", "PostgresContainer"]
