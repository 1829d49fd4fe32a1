"""Find the concepts behind different words for the same thing.

Two texts about one trouble may share no word, as "hangs for ever" and "deadline exceeded". A common concept
makes them a little more alike; it never makes them one pattern by itself.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from sync.patterns.grouping.words import raw_words, stem

_LONGEST: Final = 3

_CONCEPTS: Final = """
timeout: timed out; time out; timeout; deadline exceeded; took too long; hangs; hung; never returns; stuck
 stalls; frozen; freezes; unresponsive; no answer
rate limit: rate limit; 429; too many requests; throttled; quota; usage limit
credentials: token; credential; api key; password; secret
sign-in: auth; authenticate; authentication; authorize; oauth; login; log in; sign in; logged out; signed out
 unauthorized; unauthenticated; 401; reauthenticate; session expired
expiry: expired; expiry; expiration; no longer valid; refresh; stale token
permission: permission; forbidden; 403; access denied; not allowed; denied; not permitted; no access
 not shared
missing: not found; 404; cannot find; could not find; does not exist; no such; missing; absent; unknown
crash: crash; segfault; panic; core dump; terminated unexpectedly; died; killed
memory: out of memory; oom; heap; memory leak; memory usage
disk: no space left; disk full; disk space; out of space; enospc
network: network; connection; disconnected; unreachable; dns; socket; offline; econnreset; econnrefused
retry: retry; retries; try again; backoff; repeated attempts
duplicate: duplicate; twice; double; two copies; more than once
loop: loop; endless; infinite; over and over; keeps repeating; recursion
truncation: truncated; cut off; cut short; shortened; clipped; incomplete output; partial output
paging: pagination; paginate; next page; cursor; page size; only first; has more
size limit: too large; too long; too big; exceeds; exceeded; over the limit; maximum length; oversized
context window: context window; context length; context limit; token limit; compaction; compacted
validation: validation; invalid; malformed; schema; mismatch; bad request; 400; wrong type; does not match
parsing: parse; parser; syntax error; json error; unexpected token; decode; deserialize
encoding: encoding; unicode; utf8; charset; garbled; umlaut; emoji; surrogate
whitespace: crlf; line ending; newline; whitespace; indentation; trailing space
editing: edit; replace; replacement; patch; diff; search and replace
no match: no match; not match; exact match; not unique; multiple matches
deletion: delete; deletion; remove; wipe; erase; destroyed; lost
overwriting: overwrite; overwrote; overwritten; clobber; discard; hard reset; force push
commit: commit; commit message
attribution: co author; coauthor; attribution; trailer; signature; footer
branch: branch; rebase; merge; merge conflict; checkout; stash
working directory: working directory; current directory; cwd; wrong directory; wrong folder; project root
 chdir
path: path; file path; relative path; absolute path
start-up: start; startup; launch; initialize; initialization; handshake; boot; spawn
stopping: shutdown; shut down; stop; exit; quit; terminate
configuration: config; configuration; setting; option; configurable; environment variable; env var
installation: install; installation; dependency; module not found; npm; pip
version: version; upgrade; incompatible; deprecated; outdated
building: build; compile; compiler; bundling
testing: test; test suite; unit test; ci
false claim: claims; pretends; falsely; hallucinated; hallucination; fabricated; made up; without verifying
 unverified; not actually; reports success
ignored rule: ignores; ignoring; disregards; disobeys; does not follow; instruction; rule; guideline
approval: approval; approve; confirmation; confirm; consent; without asking; without permission; ask first
production: prod; production; live system; live site
deployment: deploy; deployment; release; rollout; roll back; rollback
migration: migration; migrate; schema change
concurrency: race; concurrent; concurrency; simultaneously; parallel; deadlock; lock; locked
ordering: ordering; out of order; sequence; sort
time zone: timezone; time zone; timestamp; utc; daylight
money: price; amount; currency; total; rounding; invoice
mail: email; mail; smtp; newsletter; inbox
notification: notification; alert; webhook
schedule: cron; schedule; scheduler; nightly; timer
cost: cost; budget; billing; spend; expensive
slowness: slow; latency; performance; lag; takes long; sluggish
cache: cache; stale; outdated copy
missing critical: missing criticals; missing env; missing risk; no env; env not given; risk not given
display: ui; display; render; flicker; layout; button
image: image; screenshot; picture; upload; attachment
shell: shell; bash; terminal; command; subprocess; powershell
server: server; backend; service
"""


def concepts(text: str) -> tuple[str, ...]:
    """Return the distinct concepts that a text names, sorted."""
    words = [stem(word) for word in raw_words(text)]
    phrases = _phrases()
    found = {
        concept
        for length in range(1, _LONGEST + 1)
        for start in range(len(words) - length + 1)
        for concept in phrases.get(tuple(words[start : start + length]), ())
    }
    return tuple(sorted(found))


@lru_cache(maxsize=1)
def _phrases() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    phrases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for entry in _CONCEPTS.replace("\n ", "; ").strip().splitlines():
        concept, _, spellings = entry.partition(": ")
        for spelling in spellings.split("; "):
            key = tuple(stem(word) for word in spelling.split())
            phrases[key] = tuple(dict.fromkeys((*phrases.get(key, ()), concept)))
    return MappingProxyType(phrases)
