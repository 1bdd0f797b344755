#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>

#include "socketio/namespace.h"
#include "socketio/parent_namespace.h"

namespace atrium::socketio {

/// The namespaces of a server, by name. Those that were there before the start stay; children of dynamic ones come, and go
/// when they are empty if that is wanted. Any thread.
class NamespaceTable final {
 public:
  using MakeCore = std::function<std::shared_ptr<NamespaceCore>(std::string name)>;
  using OnNew = std::function<void(Namespace& made)>;

  NamespaceTable(MakeCore make_core, bool cleanup_empty) : make_core_(std::move(make_core)), cleanup_empty_(cleanup_empty) {}

  // Before the start.
  /// A child of the first pattern that suits, if there is one already.
  Namespace& of(std::string name);
  ParentNamespace& of(ParentNamespace::Decide decide);
  ParentNamespace& of(const std::regex& pattern);
  /// Called for each namespace that is made from now on, and may add handlers: by of(), or before the first socket of a child
  /// and on the shard of that.
  void on_new(OnNew handler) { on_new_.push_back(std::move(handler)); }

  /// Null when there is none, or none yet.
  std::shared_ptr<Namespace> find(const std::string& name) const;
  std::vector<std::shared_ptr<Namespace>> all() const;

  using Found = std::function<void(std::shared_ptr<Namespace> found)>;
  /// The namespace that a client asks for, made when a dynamic one suits. `found` comes on this shard, at once or later, with
  /// null when there is none. Whoever gets one gives it back by release() when it needs it no more.
  void resolve(const std::string& name, const json::object& auth, Found found);
  void release(const Namespace& nsp);

 private:
  struct Child {
    ParentNamespace* parent;
    std::size_t users;
  };

  struct Pattern {
    std::regex pattern;
    ParentNamespace* parent;
  };

  std::shared_ptr<Namespace> take(const std::string& name);
  void retain(const Namespace& nsp);
  void ask(std::size_t index, const std::string& name, const json::object& auth, Found found);
  std::shared_ptr<Namespace> make_child(ParentNamespace& parent, const std::string& name);

  const MakeCore make_core_;
  const bool cleanup_empty_;
  std::vector<std::unique_ptr<ParentNamespace>> parents_;
  std::vector<Pattern> patterns_;  ///< those parents that decide by the name alone
  std::vector<OnNew> on_new_;
  std::mutex making_;  ///< held while a child is made, so that each is made once; before mutex_
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<Namespace>> namespaces_;  ///< guarded by mutex_
  std::unordered_map<const Namespace*, Child> children_;                    ///< guarded by mutex_
};

}  // namespace atrium::socketio
