"""What an agent runs in threads, its run is known there; what others run is left alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest
from anyio._backends._asyncio import AsyncIOBackend

from backend.agents.measured import create_measured_task
from backend.agents.memory_account import Ledger, MemoryAccount, running_account
from backend.agents.threads import ThreadStopped, ThreadWork, ThreadWorks, measured_threads
from tests.fixtures.memory import MEGABYTE, needs_linux, take


def _account() -> MemoryAccount:
    return MemoryAccount("taker@v1", 100 * MEGABYTE, lambda: None)


@pytest.fixture(autouse=True)
async def _measured() -> AsyncIterator[None]:
    with measured_threads(asyncio.get_running_loop()):
        yield


async def _to_thread() -> MemoryAccount | None:
    return await asyncio.to_thread(running_account.get)


async def _default_executor() -> MemoryAccount | None:
    return await asyncio.get_running_loop().run_in_executor(None, running_account.get)


async def _anyio() -> MemoryAccount | None:
    return await anyio.to_thread.run_sync(running_account.get)


async def _executor_of_its_own() -> MemoryAccount | None:
    with ThreadPoolExecutor() as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, running_account.get)


async def _thread_of_a_thread() -> MemoryAccount | None:
    found: list[MemoryAccount | None] = []

    def start(of: Callable[[], None]) -> None:
        thread = threading.Thread(target=of)
        thread.start()
        thread.join()

    await asyncio.to_thread(start, lambda: start(lambda: found.append(running_account.get())))
    return found[0]


@pytest.mark.parametrize(
    "asks", [_to_thread, _default_executor, _anyio, _executor_of_its_own, _thread_of_a_thread]
)
async def test_a_thread_works_for_the_run_that_asked_for_it(
    asks: Callable[[], AsyncIterator[MemoryAccount | None]],
) -> None:
    account = _account()
    assert await create_measured_task(_awaited(asks), account) is account
    assert account.threads == 0
    # The thread is there still, and serves others.
    assert await _awaited(asks) is None


async def _awaited(asks: Callable[..., object]) -> object:
    found = asks()
    assert asyncio.iscoroutine(found)
    return await found


async def test_what_was_replaced_is_put_back() -> None:
    start, run_sync = (
        vars(threading.Thread)["start"],
        vars(AsyncIOBackend)["run_sync_in_worker_thread"],
    )
    with measured_threads(asyncio.get_running_loop()):
        assert vars(threading.Thread)["start"] is not start
    assert vars(threading.Thread)["start"] is start
    assert vars(AsyncIOBackend)["run_sync_in_worker_thread"] is run_sync


@needs_linux
def test_what_a_call_was_given_is_counted_while_it_runs_and_after() -> None:
    works, account = ThreadWorks(), _account()
    taken, go_on, kept = threading.Event(), threading.Event(), []

    def takes() -> None:
        kept.append(take(8))
        taken.set()
        go_on.wait(20)
        kept.append(take(8))

    thread = threading.Thread(target=works.run, args=(account, takes))
    thread.start()
    taken.wait(20)
    first = works.count_faults()[account]
    assert account.threads == 1
    go_on.set()
    thread.join()
    assert first > 0
    assert works.count_faults()[account] > 0
    assert works.count_faults() == {}
    assert account.threads == 0


def test_one_that_is_told_to_stop_does() -> None:
    works, account = ThreadWorks(), _account()
    ended: list[BaseException] = []
    running = threading.Event()

    def goes_on() -> None:
        while True:
            running.set()

    def call() -> None:
        try:
            works.run(account, goes_on)
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    running.wait(20)
    works.stop(_account())
    assert works.told(account) == 0
    while thread.is_alive():
        works.stop(account)
        thread.join(0.01)
    assert [type(error) for error in ended] == [ThreadStopped]
    assert works.told(account) == 0


@needs_linux
def test_a_thread_of_the_same_run_that_took_little_is_left_alone() -> None:
    works, account = ThreadWorks(), _account()
    begun, over, kept = threading.Barrier(3), threading.Event(), []

    def keeps_connections() -> str:
        begun.wait(20)
        over.wait(20)
        return "fine"

    def takes() -> None:
        kept.append(take(100))
        begun.wait(20)
        over.wait(20)

    with ThreadPoolExecutor() as pool:
        library = pool.submit(works.run, account, keeps_connections)
        taker = pool.submit(works.run, account, takes)
        begun.wait(20)
        works.count_faults()
        works.stop(account)
        works.stop(account)
        over.set()
        assert library.result() == "fine"
        with pytest.raises(ThreadStopped):
            taker.result()


async def test_an_account_is_reopened_for_what_a_thread_takes_after_its_end() -> None:
    ledger = Ledger()
    account = ledger.open("taker@v1", 100 * MEGABYTE, lambda: None)
    account.threads = 1
    ledger.close(account)
    assert ledger.running == []
    account.in_threads_bytes = 20 * MEGABYTE
    ledger.reopen(account)
    ledger.reopen(account)
    ledger.close(account)
    assert ledger.running == [account]
    account.threads = 0
    ledger.close(account)
    ledger.close(account)
    assert ledger.running == []
    assert ledger.stepped_bytes == 0


@pytest.mark.parametrize("times", [1, 2, 5])
def test_one_told_as_its_call_ends_harms_nobody(
    times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next call of the same thread would get it else."""
    works, account = ThreadWorks(), _account()
    left = iter(range(times))

    def told_on_the_way_out(work: ThreadWork) -> int:
        if next(left, None) is not None:
            work.let_raise(ThreadStopped)
        return 0

    monkeypatch.setattr(ThreadWork, "count_faults", told_on_the_way_out)
    assert works.run(account, lambda: "first") == "first"
    assert works.run(account, lambda: "second") == "second"
    assert works.count_faults() == {account: 0}
    assert account.threads == 0
    assert running_account.get() is None
