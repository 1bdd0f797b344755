#include "socketio/parent_namespace.h"

#include <algorithm>

namespace atrium::socketio {

void ParentNamespace::send(const Outgoing& event) const {
  std::vector<std::shared_ptr<Namespace>> now;
  {
    const std::lock_guard lock(mutex_);
    now = children_;
  }
  for (const auto& child : now) child->everyone().send(event);
}

void ParentNamespace::adopt(const std::shared_ptr<Namespace>& child) {
  const std::lock_guard lock(mutex_);
  children_.push_back(child);
}

void ParentNamespace::abandon(const Namespace& child) {
  const std::lock_guard lock(mutex_);
  std::erase_if(children_, [&](const auto& held) { return held.get() == &child; });
}

}  // namespace atrium::socketio
