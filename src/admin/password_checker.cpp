#include "admin/password_checker.h"

#include "base/log.h"

namespace atrium::admin {

PasswordChecker::PasswordChecker(PasswordCheck check)
    : check_(std::move(check)), thread_([this](const std::stop_token& stop) { work(stop); }) {}

PasswordChecker::~PasswordChecker() = default;

bool PasswordChecker::ask(std::string username, std::string password, Verdict verdict) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMaxWaiting) return false;
    waiting_.push_back({std::move(username), std::move(password), std::move(verdict), net::Shard::current()});
  }
  changed_.notify_one();
  return true;
}

void PasswordChecker::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !waiting_.empty(); }) && !stop.stop_requested()) {
    Question question = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto begin = std::chrono::steady_clock::now();
    const bool right = is_right(question);
    const auto took = std::chrono::steady_clock::now() - begin;
    question.asker->post([verdict = std::move(question.verdict), right]() mutable { verdict(right); });
    lock.lock();
    if (!right) changed_.wait_for(lock, stop, took, [] { return false; });
  }
}

bool PasswordChecker::is_right(const Question& question) const {
  try {
    return check_(question.username, question.password);
  } catch (const std::exception& error) {
    log::error("the check of an admin's password failed: {}", error.what());
    return false;
  }
}

}  // namespace atrium::admin
