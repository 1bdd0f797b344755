#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace atrium {

template <class Signature>
class UniqueFunction;

/// A callable that is moved, never copied (std::move_only_function arrives only with C++23): what travels between shards.
template <class R, class... Args>
class UniqueFunction<R(Args...)> final {
 public:
  UniqueFunction() = default;
  UniqueFunction(std::nullptr_t) {}

  template <class F>
  requires(!std::is_same_v<std::decay_t<F>, UniqueFunction> && std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
      UniqueFunction(F&& callable)
      : target_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(callable))) {}

  explicit operator bool() const { return target_ != nullptr; }
  R operator()(Args... args) { return target_->call(std::forward<Args>(args)...); }

 private:
  struct Target {
    virtual ~Target() = default;
    virtual R call(Args... args) = 0;
  };
  template <class F>
  struct Holder final : Target {
    explicit Holder(F callable) : f(std::move(callable)) {}
    R call(Args... args) override { return f(std::forward<Args>(args)...); }
    F f;
  };

  std::unique_ptr<Target> target_;
};

}  // namespace atrium
