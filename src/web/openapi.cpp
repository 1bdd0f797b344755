#include "web/openapi.h"

#include <cctype>
#include <stdexcept>

#include "web/problem.h"

namespace atrium::web {

namespace {

json::value text(std::string_view words) { return json::value(json::string(words)); }

/// The segments of "/channels/:channelId", without the slashes.
std::vector<std::string_view> segments_of(std::string_view pattern) {
  std::vector<std::string_view> segments;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    segments.push_back(pattern.substr(0, pattern.find('/')));
    pattern.remove_prefix(segments.back().size());
  }
  return segments;
}

bool is_name(std::string_view segment) { return segment.starts_with(':'); }

/// "/channels/{channelId}"
std::string template_of(std::string_view pattern) {
  std::string path;
  for (const std::string_view segment : segments_of(pattern)) {
    path += is_name(segment) ? "/{" + std::string(segment.substr(1)) + "}" : "/" + std::string(segment);
  }
  return path;
}

/// "getChannelsByChannelId": as distinct as the routes themselves.
std::string id_of(std::string_view method, std::string_view pattern) {
  std::string id;
  for (const char c : method) id.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  for (const std::string_view segment : segments_of(pattern)) {
    if (is_name(segment)) id += "By";
    bool begins = true;
    for (const char c : segment) {
      const auto letter = static_cast<unsigned char>(c);
      if (std::isalnum(letter)) id.push_back(begins ? static_cast<char>(std::toupper(letter)) : c);
      begins = !std::isalnum(letter);
    }
  }
  return id;
}

json::object content(std::string_view media_type, const json::object& schema) {
  json::object media{{"schema", schema}};
  json::object by_type;
  by_type[json::string_view(media_type.data(), media_type.size())] = std::move(media);
  return by_type;
}

}  // namespace

OpenApi::OpenApi(OpenApiInfo info) : info_(std::move(info)), problem_(schemas_.of<ProblemDetails>()) {}

json::array OpenApi::parameters_of(const Operation& operation) const {
  json::array parameters;
  for (const std::string_view segment : segments_of(operation.pattern)) {
    if (!is_name(segment)) continue;
    parameters.push_back(
        json::object{{"name", text(segment.substr(1))}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  for (const Parameter& parameter : operation.query) {
    parameters.push_back(json::object{
        {"name", parameter.name}, {"in", "query"}, {"required", parameter.required}, {"schema", parameter.schema}});
  }
  for (const std::string& header : operation.headers) {
    parameters.push_back(
        json::object{{"name", header}, {"in", "header"}, {"required", false}, {"schema", {{"type", "string"}}}});
  }
  return parameters;
}

json::object OpenApi::responses_of(const Operation& operation) const {
  json::object well{{"description", text(http::reason_phrase(operation.status))}};
  if (!operation.content.empty()) well["content"] = content(operation.content, operation.answer.value_or(json::object()));
  const auto refusal = [this](std::string_view description) {
    return json::object{{"description", text(description)}, {"content", content("application/problem+json", problem_)}};
  };
  json::object responses;
  responses[std::to_string(operation.status)] = std::move(well);
  if (operation.tagged) responses["304"] = json::object{{"description", text(http::reason_phrase(304))}};
  if (!operation.security.empty()) responses["401"] = refusal("The request does not show who asks");
  if (operation.body || !operation.query.empty()) responses["422"] = refusal("The request is not of the right shape");
  responses["default"] = refusal("Any other refusal");
  return responses;
}

void OpenApi::add_operation(Operation operation) {
  json::object made{{"operationId", id_of(operation.method, operation.pattern)}};
  if (!operation.summary.empty()) made["summary"] = operation.summary;
  made["tags"] = json::array{text(segments_of(operation.pattern).front())};
  json::object schemes;
  for (const std::string& scheme : operation.security) {
    if (!info_.security_schemes.contains(scheme)) throw std::logic_error("no security scheme is called " + scheme);
    schemes[scheme] = json::array();
  }
  // An empty list says that the route is open to everybody.
  json::array& security = made["security"].emplace_array();
  if (!schemes.empty()) security.push_back(std::move(schemes));
  if (auto parameters = parameters_of(operation); !parameters.empty()) made["parameters"] = std::move(parameters);
  if (operation.body) {
    made["requestBody"] = json::object{{"required", true}, {"content", content("application/json", *operation.body)}};
  }
  made["responses"] = responses_of(operation);

  std::string method = operation.method;
  for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  json::value& path = paths_[template_of(operation.pattern)];
  if (!path.is_object()) path.emplace_object();
  path.get_object()[method] = std::move(made);
}

json::object OpenApi::document() const {
  json::object info{{"title", info_.title}, {"version", info_.version}};
  if (!info_.description.empty()) info["description"] = info_.description;
  json::array servers;
  for (const std::string& prefix : info_.prefixes) servers.push_back(json::object{{"url", prefix.empty() ? "/" : prefix}});
  json::object components{{"schemas", schemas_.named()}};
  if (!info_.security_schemes.empty()) components["securitySchemes"] = info_.security_schemes;
  return {{"openapi", "3.1.0"},
          {"info", std::move(info)},
          {"servers", std::move(servers)},
          {"paths", paths_},
          {"components", std::move(components)}};
}

}  // namespace atrium::web
