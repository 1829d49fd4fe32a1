"""How many draw on the budget that this host shares, for when nobody can be asked."""

from sync.state.store import Store

_FACT = "fleet"


def remember_hosts(store: Store, hosts: int) -> None:
    """Remember how many hosts share the budget."""
    if remembered_hosts(store) != hosts:
        store.remember(_FACT, str(hosts))


def remembered_hosts(store: Store) -> int:
    """Return how many hosts shared the budget when last counted; 0 when they never were."""
    text = store.fact(_FACT)
    return 0 if text is None else int(text)
