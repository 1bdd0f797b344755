#pragma once

#include <tuple>
#include <type_traits>

#include "base/task.h"

// What a function takes and gives, read off its pointer: tables of handlers need no more than the handler's name.

namespace atrium {

/// `Result` and `Arguments` (a std::tuple) as they are written, of a function or a member function.
template <class Pointer>
struct Signature;

template <class R, class... Args>
struct Signature<R (*)(Args...)> {
  using Result = R;
  using Arguments = std::tuple<Args...>;
};
template <class R, class... Args>
struct Signature<R (*)(Args...) noexcept> : Signature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...)> : Signature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const> : Signature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) noexcept> : Signature<R (*)(Args...)> {};
template <class C, class R, class... Args>
struct Signature<R (C::*)(Args...) const noexcept> : Signature<R (*)(Args...)> {};

template <class T>
inline constexpr bool is_task = false;
template <class T>
inline constexpr bool is_task<Task<T>> = true;

namespace signature_parts {

template <class T>
struct Awaited {
  using type = T;
};
template <class T>
struct Awaited<Task<T>> {
  using type = T;
};

}  // namespace signature_parts

/// T of a Task<T>; anything else as it is.
template <class T>
using Awaited = typename signature_parts::Awaited<T>::type;

}  // namespace atrium
