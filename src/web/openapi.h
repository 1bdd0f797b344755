#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_schema.h"
#include "web/route_facts.h"

namespace atrium::web {

/// What the document says about the interface as a whole.
struct OpenApiInfo {
  std::string title;
  std::string version;
  std::string description = {};
  std::vector<std::string> prefixes{""};  ///< where the routes answer, as of RouterOptions
  json::object security_schemes = {};     ///< by the words of ProvisionNotes::security (OpenAPI, Security Scheme Object)
};

/// Writes the OpenAPI 3.1 document of controllers, from the tables by which they serve: parameters, bodies and answers are
/// what their handlers take and give, guards what their providers note. A value; needs no instance of a controller.
class OpenApi final {
 public:
  explicit OpenApi(OpenApiInfo info);

  /// Throws std::logic_error when a guard names a security scheme that there is not.
  template <class Controller>
  void add() {
    static_assert(every_route_says_who_may_ask<Controller>(),
                  "a route without a guard says .open = true, and one with a guard does not");
    visit_routes<Controller>([this](auto facts) { add_operation(operation(facts)); });
  }

  json::object document() const;

 private:
  struct Parameter {
    std::string name;
    json::object schema;
    bool required;
  };
  struct Operation {
    std::string method;
    std::string pattern;
    std::string summary;
    unsigned status = 200;
    std::vector<std::string> security;
    std::vector<Parameter> query;
    std::vector<std::string> headers;
    std::optional<json::object> body;
    std::string content;  ///< the media type of the answer; empty: it has no body
    std::optional<json::object> answer;
    bool tagged = false;  ///< as of RouteFacts
  };

  template <class Facts>
  Operation operation(Facts facts) {
    Operation made{.method = std::string(facts.method),
                   .pattern = std::string(facts.pattern),
                   .summary = std::string(facts.summary()),
                   .status = facts.status(),
                   .security = {},
                   .query = {},
                   .headers = {},
                   .body = {},
                   .content = std::string(facts.content()),
                   .answer = {},
                   .tagged = facts.tagged};
    for (const std::string_view scheme : facts.security()) made.security.emplace_back(scheme);
    for (const std::string_view header : facts.headers()) made.headers.emplace_back(header);
    if constexpr (!std::is_void_v<typename Facts::Query>) add_query<typename Facts::Query::Struct>(made);
    if constexpr (!std::is_void_v<typename Facts::Body>) made.body = schemas_.of<typename Facts::Body>();
    if constexpr (Facts::verb == Verb::stream) {
      made.status = 200;
      made.content = "text/event-stream";
    } else if constexpr (!std::is_void_v<typename Facts::Json>) {
      made.content = "application/json";
      made.answer = schemas_.of<typename Facts::Json>();
    }
    return made;
  }

  template <class Struct>
  void add_query(Operation& made) {
    schemas_.each_member<Struct>([&made](std::string_view name, json::object schema, bool required) {
      // A list that is not there is an empty one.
      const bool list = schema.contains("items");
      made.query.push_back({.name = std::string(name), .schema = std::move(schema), .required = required && !list});
    });
  }

  void add_operation(Operation operation);
  json::array parameters_of(const Operation& operation) const;
  json::object responses_of(const Operation& operation) const;

  const OpenApiInfo info_;
  JsonSchemas schemas_;
  const json::object problem_;  ///< a reference to the schema of errors
  json::object paths_;
};

}  // namespace atrium::web
