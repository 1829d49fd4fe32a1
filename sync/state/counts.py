"""How many logs are in which standing."""

from collections.abc import Mapping

from sync.state.records import Standing
from sync.state.store import Store


def standings(store: Store) -> Mapping[Standing, int]:
    """Count the remembered logs that have a page or need a person, by standing."""
    rows = store.select("SELECT standing, COUNT(*) AS count FROM pages GROUP BY standing")
    found = {Standing(row["standing"]): int(row["count"]) for row in rows}
    return {standing: found.get(standing, 0) for standing in Standing}
