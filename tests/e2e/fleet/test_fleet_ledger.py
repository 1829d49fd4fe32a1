"""The script on a real server: the same as its model, atomic, and its troubles told without the password."""

import asyncio
import random
import re
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ledger_model import LedgerModel
from sync.notion.fleet.ledger import Ask, Behaviour, LedgerAway
from sync.notion.fleet.redis_ledger import RedisLedger, budget_name
from tests.installed.patience import AT_ONCE
from tests.worlds.ports import silent_port

if TYPE_CHECKING:
    from tests.e2e.fleet.conftest import RedisServer

FLEET = Path(__file__).parents[3] / "docs" / "fleet.md"

FAST = Behaviour(
    window=0.5,
    comes_back=0.1,
    probes=1.0,
    soonest=0.001,
    latest=0.2,
    grace=0.05,
    remembers=0.1,
    silence=0.05,
    gathers=0.1,
)
"""The behaviour with seconds as short as an answer of the server takes."""


@asynccontextmanager
async def _ledger(url: str, *, behaviour: Behaviour = FAST) -> AsyncIterator[RedisLedger]:
    ledger = RedisLedger(url, name=budget_name("token"), behaviour=behaviour)
    try:
        yield ledger
    finally:
        await ledger.aclose()


def _ask(host: str, *wants: int, **told: object) -> Ask:
    usual = {"limit": 60, "span": 0.5, "burst": 3.0, "rate": 115.0}
    return Ask(host=host, wants=wants or (0, 0), **(usual | told))  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
async def test_the_script_is_its_model(redis: "RedisServer", seed: int) -> None:
    """Told the same at the same times, whatever that is, script and model answer the same."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    model = LedgerModel(FAST)
    async with _ledger(redis.url) as ledger:
        for _ in range(400):
            leaves = chance.random() < 0.03
            ask = _ask(
                chance.choice("abcdef"),
                *([0, 0] if leaves else [chance.choice((0, 0, 1, 2, 7)) for _ in range(2)]),
                sent=tuple(chance.uniform(0, 0.6) for _ in range(chance.choice((0, 0, 0, 5)))),
                unused=chance.choice((0, 0, 0, 0, 1, 2)),
                pause=chance.choice((0.0,) * 30 + (0.01, 0.05)),
                refused=chance.choice((None,) * 20 + (0.0, 0.02, 0.3)),
                knows=chance.choice((0, 0, 3, 9)),
                returns=chance.random() < 0.1,
                leaves=leaves,
            )
            said = await ledger.tell(ask)
            expected = model.tell(ask, said.at)
            assert asdict(said) == pytest.approx(asdict(expected), abs=1e-3), ask
            await asyncio.sleep(chance.choice((0.0, 0.0, 0.0, 0.001, 0.01, 0.06)))


async def test_nobody_comes_between_two_questions(redis: "RedisServer") -> None:
    """However many ask at once, no more is granted than there is."""
    granted = 0

    async def host(name: str) -> None:
        nonlocal granted
        async with _ledger(redis.url, behaviour=Behaviour()) as ledger:
            for _ in range(40):
                said = await ledger.tell(_ask(name, 0, 5, limit=25, span=60.0, burst=20.0, rate=1_000.0))
                granted += said.granted
                await asyncio.sleep(0.005)

    await asyncio.gather(*(host(f"h{number}") for number in range(12)))
    assert granted == 25


async def test_two_tokens_have_two_budgets(redis: "RedisServer") -> None:
    """Who uses another token draws on another budget, and the token is nowhere on the server."""
    async with _ledger(redis.url) as ledger:
        await ledger.tell(_ask("a"))
        other = RedisLedger(redis.url, name=budget_name("ntn_other_secret"), behaviour=FAST)
        assert (await other.tell(_ask("b"))).hosts == 1
        await other.aclose()
    assert "ntn_other_secret" not in redis.command("KEYS", "*")


async def test_a_user_of_the_server_needs_few_rights(redis: "RedisServer") -> None:
    """What docs/fleet.md tells to allow is enough."""
    allowed = re.findall(r"ACL SETUSER (.+)", FLEET.read_text(encoding="utf-8"))[0].split()
    assert "OK" in redis.command("ACL", "SETUSER", *(word.replace("PASSWORD", "pw") for word in allowed))
    url = f"redis://{allowed[0]}:pw@127.0.0.1:{redis.port}/0"
    async with _ledger(url) as ledger:
        assert (await ledger.tell(_ask("a", 1, 0, pause=0.01, sent=(0.1,)))).hosts == 1
        assert (await ledger.tell(_ask("a", refused=0.1, leaves=True))).hosts == 0


async def test_the_servers_settings_are_those_of_the_document(redis: "RedisServer") -> None:
    """A server takes what docs/fleet.md says to write into its redis.conf, and keeps the budget."""
    lines = re.findall(
        r"`/etc/redis/redis.conf`:\n\n```\n(.+?)```", FLEET.read_text(encoding="utf-8"), re.DOTALL
    )
    settings = lines[0].replace(" 10.0.0.5", "").replace("A-LONG-RANDOM-PASSWORD", "pw")
    redis.kill()
    file = redis.directory / "redis.conf"
    file.write_text(settings, encoding="utf-8")
    redis.start(configuration=file)
    async with _ledger(f"redis://:pw@127.0.0.1:{redis.port}/0") as ledger:
        assert (await ledger.tell(_ask("a"))).hosts == 1


async def test_a_clock_that_is_set_back_holds_nobody_up(redis: "RedisServer") -> None:
    """Time goes on for the budget, however far the server's clock jumps back."""
    async with _ledger(redis.url) as ledger:
        first = await ledger.tell(_ask("a", 0, 1))
        key = f"ai-traces:{{{budget_name('token')}}}:state"
        redis.command("HSET", key, "at", f"{first.at + 86_400:.6f}")  # as if it had been a day ahead
        granted = 0
        for _ in range(30):
            said = await ledger.tell(_ask("a", 0, 1))
            granted += said.granted
            await asyncio.sleep(min(said.again, 0.05))
    assert granted >= 3


async def test_a_server_without_memory_keeps_the_budget(redis: "RedisServer") -> None:
    """A full server goes on with the little that the budget takes, and counts what was sent meanwhile."""
    assert "OK" in redis.command("CONFIG", "SET", "maxmemory", "1")
    async with _ledger(redis.url) as ledger:
        for _ in range(3):
            said = await ledger.tell(_ask("a", sent=(0.0, 0.0)))
    assert said.recent == 6


@contextmanager
def _foreign() -> Iterator[int]:
    """Give a port on which something answers that is no Redis."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.recv(1000)
                    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(30)


async def _trouble(url: str) -> LedgerAway:
    async with _ledger(url) as ledger:
        with pytest.raises(LedgerAway) as caught:
            await ledger.tell(_ask("a", 1, 0))
    away = caught.value
    told = f"{away.what} {away.hint} {away!r} {away.__cause__!r}"
    assert "CANARY" not in told
    return away


async def _before(redis: "RedisServer", *words: str) -> LedgerAway:
    assert "OK" in redis.command(*words)
    return await _trouble(redis.url)


async def test_each_trouble_is_told(redis: "RedisServer") -> None:
    """What is wrong with the server is said in a sentence, with what to do where a person is needed."""
    wrong = await _trouble(redis.url.replace("p4ss", "other"))
    assert "password" in wrong.what
    assert wrong.needs_a_person
    none = await _trouble(f"redis://127.0.0.1:{redis.port}/0")
    assert "password" in none.what
    copy = await _before(redis, "REPLICAOF", "127.0.0.1", "1")
    assert "only be read" in copy.what
    redis.command("REPLICAOF", "NO", "ONE")
    allowed = await _before(redis, "ACL", "SETUSER", "default", "-eval", "-evalsha", "-script")
    assert "too little" in allowed.what
    redis.kill()
    gone = await _trouble(redis.url)
    assert "cannot be reached" in gone.what
    assert not gone.needs_a_person


@pytest.mark.parametrize(("stage", "said"), [(silent_port, "does not answer"), (_foreign, "as Redis does")])
async def test_what_is_no_redis_is_told_soon(stage: Callable[[], Iterator[int]], said: str) -> None:
    """A port that is silent, or speaks something else, is given up within seconds."""
    with stage() as port:  # type: ignore[attr-defined]
        started = asyncio.get_running_loop().time()
        away = await _trouble(f"redis://:CANARY@127.0.0.1:{port}/0")
        assert said in away.what
        assert asyncio.get_running_loop().time() - started < AT_ONCE


async def test_a_server_that_was_restarted_is_found_by_the_next_question(redis: "RedisServer") -> None:
    """The connection and the script are renewed by themselves."""
    async with _ledger(redis.url) as ledger:
        await ledger.tell(_ask("a"))
        redis.kill()
        redis.start()
        assert (await ledger.tell(_ask("a"))).hosts == 1
        redis.command("SCRIPT", "FLUSH")
        assert (await ledger.tell(_ask("b"))).hosts == 2
