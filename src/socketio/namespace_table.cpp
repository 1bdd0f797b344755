#include "socketio/namespace_table.h"

#include "socketio/guarded.h"

namespace atrium::socketio {

namespace {

std::string with_slash(std::string name) {
  if (!name.starts_with('/')) name.insert(name.begin(), '/');
  return name;
}

bool suits(const std::string& name, const std::regex& pattern) {
  // std::regex recurses over its input: a name of any length would take the stack with it.
  constexpr std::size_t kLongest = 1024;
  return name.size() <= kLongest && std::regex_search(name, pattern);
}

}  // namespace

Namespace& NamespaceTable::of(std::string name) {
  name = with_slash(std::move(name));
  if (const auto there = find(name)) return *there;
  for (const Pattern& candidate : patterns_) {
    // The caller is its user, for good.
    if (suits(name, candidate.pattern)) return *make_child(*candidate.parent, name);
  }
  const auto made = std::make_shared<Namespace>(make_core_(name));
  {
    const std::lock_guard lock(mutex_);
    namespaces_[name] = made;
  }
  for (const auto& handler : on_new_) handler(*made);
  return *made;
}

ParentNamespace& NamespaceTable::of(ParentNamespace::Decide decide) {
  const std::string name = "/_" + std::to_string(parents_.size());  // as in the official server; no client can mean it
  parents_.push_back(std::make_unique<ParentNamespace>(make_core_(name), std::move(decide)));
  return *parents_.back();
}

ParentNamespace& NamespaceTable::of(const std::regex& pattern) {
  ParentNamespace& parent = of([pattern](const std::string& name, const json::object&, const std::function<void(bool)>& allow) {
    allow(suits(name, pattern));
  });
  patterns_.push_back({pattern, &parent});
  return parent;
}

std::shared_ptr<Namespace> NamespaceTable::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = namespaces_.find(name);
  return found == namespaces_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Namespace>> NamespaceTable::all() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Namespace>> all;
  for (const auto& [name, nsp] : namespaces_) all.push_back(nsp);
  return all;
}

/// The namespace of that name, in use from now on.
std::shared_ptr<Namespace> NamespaceTable::take(const std::string& name) {
  const std::lock_guard lock(mutex_);
  const auto found = namespaces_.find(name);
  if (found == namespaces_.end()) return nullptr;
  if (const auto child = children_.find(found->second.get()); child != children_.end()) ++child->second.users;
  return found->second;
}

void NamespaceTable::resolve(const std::string& name, const json::object& auth, Found found) {
  if (auto nsp = take(name)) return found(std::move(nsp));
  ask(0, name, auth, std::move(found));
}

/// Asks the dynamic namespaces in turn, from the one at `index` on.
void NamespaceTable::ask(std::size_t index, const std::string& name, const json::object& auth, Found found) {
  if (index == parents_.size()) return found(nullptr);
  ParentNamespace& parent = *parents_[index];
  const std::function<void(bool)> answer = [this, index, name, auth, found, &parent,
                                            called = std::make_shared<bool>(false)](bool allowed) {
    if (std::exchange(*called, true)) return;
    if (allowed) {
      found(make_child(parent, name));
    } else {
      ask(index + 1, name, auth, found);
    }
  };
  if (!call_guarded("what decides about the name", name, [&] { parent.decide()(name, auth, answer); })) answer(false);
}

std::shared_ptr<Namespace> NamespaceTable::make_child(ParentNamespace& parent, const std::string& name) {
  const std::lock_guard making(making_);
  if (auto made_meanwhile = take(name)) return made_meanwhile;
  const auto child = std::make_shared<Namespace>(make_core_(name));
  child->inherit(parent.children());
  if (cleanup_empty_ && child->core()->recovery) {
    // Lost clients that may come back are users too.
    child->core()->recovery->on_waiting([this, weak = std::weak_ptr(child)](int change) {
      if (const auto nsp = weak.lock()) change > 0 ? retain(*nsp) : release(*nsp);
    });
  }
  for (const auto& handler : on_new_) {
    call_guarded("a handler for new namespaces", name, [&] { handler(*child); });
  }
  const std::lock_guard lock(mutex_);
  namespaces_.emplace(name, child);
  children_[child.get()] = {&parent, 1};
  parent.adopt(child);
  return child;
}

void NamespaceTable::retain(const Namespace& nsp) {
  const std::lock_guard lock(mutex_);
  if (const auto child = children_.find(&nsp); child != children_.end()) ++child->second.users;
}

void NamespaceTable::release(const Namespace& nsp) {
  if (!cleanup_empty_) return;
  std::shared_ptr<Namespace> emptied;  // goes after the lock
  const std::lock_guard lock(mutex_);
  const auto child = children_.find(&nsp);
  if (child == children_.end() || --child->second.users > 0) return;
  child->second.parent->abandon(nsp);
  children_.erase(child);
  emptied = std::move(namespaces_.extract(nsp.name()).mapped());
}

}  // namespace atrium::socketio
