#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/task.h"
#include "base/unique_function.h"
#include "net/shard.h"
#include "storage/bounded_queue.h"
#include "storage/store_error.h"

namespace atrium::storage {

/// Work for another thread, which gives it `Where` it runs: a worker's number, a connection.
template <class Where>
struct Errand {
  UniqueFunction<void(Where)> work;               ///< may throw
  UniqueFunction<void(std::exception_ptr)> done;  ///< called once after the work, with what it threw or null
};

/// What holds a coroutine while its errand is under way. It goes on at once when the queue refuses.
template <class Submit>
struct ErrandWait {
  Submit& submit;
  Pushed pushed = Pushed::closed;

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> waiter) {
    pushed = submit(waiter);
    return pushed == Pushed::accepted;
  }
  Pushed await_resume() const noexcept { return pushed; }
};

/// Runs `work` on the thread that takes from `queue` and goes on with its answer, or with what it threw, on the shard
/// where this is awaited. The coroutine's frame must stay until then: `work` and its answer lie in it. Throws
/// StoreUnavailable when the queue refuses.
template <class Where, class Work>
Task<std::invoke_result_t<Work&, Where>> send_on_errand(BoundedQueue<Errand<Where>>& queue, Work work) {
  using Answer = std::invoke_result_t<Work&, Where>;
  static_assert(!std::is_void_v<Answer>, "an errand brings something back");

  std::optional<Answer> answer;
  std::exception_ptr error;
  auto submit = [&](std::coroutine_handle<> waiter) {
    net::Shard* const home = net::Shard::current();
    assert(home && "a store is awaited on a shard");
    Errand<Where> errand;
    errand.work = [&](Where where) { answer.emplace(work(where)); };
    errand.done = [&error, home, waiter](std::exception_ptr thrown) {
      error = std::move(thrown);
      home->post([waiter] { waiter.resume(); });
    };
    return queue.push(std::move(errand));
  };
  ErrandWait<decltype(submit)> wait{submit};
  switch (co_await wait) {
    case Pushed::full:
      throw StoreUnavailable("the database has too much waiting: it is slower than what is asked of it");
    case Pushed::closed:
      throw StoreUnavailable("the database is closed");
    case Pushed::accepted:
      break;
  }
  if (error) std::rethrow_exception(error);
  co_return std::move(*answer);
}

}  // namespace atrium::storage
