#pragma once

namespace atrium::cluster {

/// One callable out of several, for std::visit.
template <class... Kinds>
struct Overloaded : Kinds... {
  using Kinds::operator()...;
};
template <class... Kinds>
Overloaded(Kinds...) -> Overloaded<Kinds...>;

}  // namespace atrium::cluster
