#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/json_schema.h"
#include "socketio/controller.h"

namespace atrium::socketio {

/// What the document says about the interface as a whole.
struct AsyncApiInfo {
  std::string title;
  std::string version;
  std::string description = {};
  std::string nsp = "/";               ///< the namespace
  std::string path = "/socket.io";     ///< where the server answers
  json::object security_schemes = {};  ///< what a client may show when it connects (AsyncAPI, Security Scheme Object)
};

/// Writes the AsyncAPI 3.0 document of one namespace: what its clients may send, from the tables of controllers, and what
/// they are sent. An event is a message whose payload is its first argument; its acknowledgement is a message of its own. A
/// value; needs no instance of a controller.
class AsyncApi final {
 public:
  explicit AsyncApi(AsyncApiInfo info) : info_(std::move(info)) {}

  /// The events that `Controller` takes. `Refused`: the acknowledgement of what is refused.
  template <class Controller, class Refused>
  void add() {
    std::apply([this](auto... lines) { (add_line<Refused>(lines), ...); }, Controller::handlers());
  }

  /// An event that clients are sent; of one name there may be several, with different payloads.
  template <class Payload>
  void add_outgoing(std::string_view event, std::string_view summary) {
    add_sent(std::string(event), std::string(summary), schemas_.of<Payload>());
  }

  json::object document() const;

 private:
  struct Received {
    std::string event;
    std::string summary;
    std::optional<json::object> payload;
    std::optional<json::object> answer;
  };

  template <class Returned>
  struct AnswerOf {
    using type = Returned;
  };
  template <class T>
  struct AnswerOf<Result<T, Refusal>> : AnswerOf<T> {};
  template <class T>
  using IsArgument = std::bool_constant<!typed_handler_parts::kIsSurrounding<T>>;

  template <class Refused, class Line>
  void add_line(Line) {}  // a connection comes or goes
  template <class Refused, FixedString Event, auto Method, class Stated>
  void add_line(OnMessage<Event, Method, Stated> line) {
    using Called = Signature<decltype(Method)>;
    using Returned = typename AnswerOf<Awaited<typename Called::Result>>::type;
    using Answer = std::conditional_t<std::is_void_v<Stated>, Returned, Stated>;
    using Arguments = boost::mp11::mp_copy_if<typename Called::Arguments, IsArgument>;
    Received made{.event = std::string(line.event), .summary = std::string(line.notes.summary), .payload = {}, .answer = {}};
    if constexpr (std::tuple_size_v < Arguments >> 0) {
      made.payload = schemas_.of<std::remove_cvref_t<std::tuple_element_t<0, Arguments>>>();
    }
    if constexpr (!std::is_void_v<Answer>) {
      made.answer = json::object{{"anyOf", json::array{schemas_.of<Answer>(), schemas_.of<Refused>()}}};
    }
    add_received(std::move(made));
  }

  void add_received(Received received);
  void add_sent(std::string event, std::string summary, json::object payload);
  /// A reference to the new message.
  json::object add_message(const std::string& key, std::string_view event, std::string_view summary,
                           const std::optional<json::object>& payload);

  const AsyncApiInfo info_;
  JsonSchemas schemas_;
  json::object messages_;
  json::object operations_;
};

}  // namespace atrium::socketio
