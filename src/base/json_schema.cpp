#include "base/json_schema.h"

#include <algorithm>

namespace atrium {

json::object JsonSchemas::or_null(json::object schema) {
  json::value* type = schema.if_contains("type");
  if (!type || schema.contains("enum")) {
    json::array either;
    either.push_back(std::move(schema));
    either.push_back(json::object{{"type", "null"}});
    return {{"anyOf", std::move(either)}};
  }
  json::array types;
  types.push_back(std::move(*type));
  types.push_back("null");
  *type = std::move(types);
  return schema;
}

std::string JsonSchemas::name_for(const std::string& type) {
  std::string name;
  for (std::string_view rest = type; !rest.empty();) {
    const std::size_t separator = rest.rfind("::");
    const std::string_view part = separator == rest.npos ? rest : rest.substr(separator + 2);
    name = name.empty() ? std::string(part) : std::string(part) + "." + name;
    if (!named_.contains(name)) break;
    rest = separator == rest.npos ? std::string_view() : rest.substr(0, separator);
  }
  return name;
}

}  // namespace atrium
