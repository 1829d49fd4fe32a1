"""What identifies a log in Notion, and which log a key means."""

from sync.names import Key, LogPath


def key_of(host: str, path: LogPath) -> Key:
    """Return what identifies a log in Notion."""
    return Key(f"{host}:{path}" if host else path)


def path_of(host: str, key: Key) -> LogPath | None:
    """Return the log of a key; None when it is another machine's."""
    if not host:
        return LogPath(key)
    return LogPath(key[len(host) + 1 :]) if key.startswith(f"{host}:") else None
