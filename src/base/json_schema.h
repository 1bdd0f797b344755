#pragma once

#include <boost/core/demangle.hpp>
#include <map>
#include <string>
#include <string_view>
#include <typeinfo>

#include "base/describe.h"

namespace atrium {

/// JSON Schema (draft 2020-12) of what describe.h reads and writes, made from the same descriptions. Every struct is written
/// once, under a name of its own, and referred to from wherever it is a member.
class JsonSchemas final {
 public:
  /// `place`: where named() will stand in the document.
  explicit JsonSchemas(std::string place = "#/components/schemas/") : place_(std::move(place)) {}

  /// The schema of T, or a reference to it.
  template <class T>
  json::object of();

  /// The structs that were met so far, by name.
  const json::object& named() const { return named_; }

  /// The members of a struct one by one: `visit(name, schema, required)`.
  template <Described T, class Visit>
  void each_member(Visit visit) {
    boost::mp11::mp_for_each<describe_parts::MembersOf<T>>([&](auto member) {
      using Type = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
      visit(std::string_view(member.name), of<Type>(), !describe_parts::is_optional<Type>::value);
    });
  }

 private:
  template <Described T>
  json::object of_struct();
  template <Described T>
  json::object members();
  template <DescribedEnum T>
  static json::object of_enum();
  template <std::size_t Min, std::size_t Max, FixedString Alphabet>
  static json::object of_text(std::type_identity<Text<Min, Max, Alphabet>>);
  template <std::int64_t Low, std::int64_t High>
  static json::object of_whole(std::type_identity<WholeNumber<Low, High>>);
  static json::object or_null(json::object schema);

  /// "Channel" of "atrium::chat::shapes::Channel"; "events.Channel" where another type has that name already.
  std::string name_for(const std::string& type);

  const std::string place_;
  json::object named_;
  std::map<std::string, std::string> names_;  ///< by type
};

template <class T>
json::object JsonSchemas::of() {
  using namespace describe_parts;
  if constexpr (std::is_same_v<T, json::value>) {
    return {};
  } else if constexpr (std::is_same_v<T, std::nullptr_t>) {
    return {{"type", "null"}};
  } else if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {{"type", "string"}};
  } else if constexpr (is_text<T>::value) {
    return of_text(std::type_identity<T>());
  } else if constexpr (is_whole<T>::value) {
    return of_whole(std::type_identity<T>());
  } else if constexpr (std::is_unsigned_v<T>) {
    return {{"type", "integer"}, {"minimum", 0}};
  } else if constexpr (std::is_integral_v<T>) {
    return {{"type", "integer"}};
  } else if constexpr (std::is_floating_point_v<T>) {
    return {{"type", "number"}};
  } else if constexpr (DescribedEnum<T>) {
    return of_enum<T>();
  } else if constexpr (is_nullable<T>::value) {
    return or_null(of<typename T::value_type>());
  } else if constexpr (is_optional<T>::value) {
    return of<typename T::value_type>();
  } else if constexpr (is_vector<T>::value) {
    return {{"type", "array"}, {"items", of<typename T::value_type>()}};
  } else if constexpr (is_map<T>::value) {
    return {{"type", "object"}, {"additionalProperties", of<typename T::mapped_type>()}};
  } else {
    return of_struct<T>();
  }
}

template <Described T>
json::object JsonSchemas::of_struct() {
  const std::string type = boost::core::demangle(typeid(T).name());
  // What is made of a template has no name that could be told.
  if (type.find('<') != type.npos) return members<T>();
  const auto known = names_.find(type);
  const std::string name = known != names_.end() ? known->second : name_for(type);
  if (known == names_.end()) {
    names_.emplace(type, name);
    named_[name] = nullptr;  // it has its place before its members have theirs
    named_[name] = members<T>();
  }
  return {{"$ref", place_ + name}};
}

template <Described T>
json::object JsonSchemas::members() {
  json::object properties;
  json::array required;
  each_member<T>([&](std::string_view name, json::object schema, bool is_required) {
    const json::string_view key(name.data(), name.size());
    properties[key] = std::move(schema);
    if (is_required) required.push_back(json::string(key));
  });
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

template <DescribedEnum T>
json::object JsonSchemas::of_enum() {
  json::array words;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
      [&](auto enumerator) { words.push_back(json::string(enum_word(enumerator.name))); });
  return {{"type", "string"}, {"enum", std::move(words)}};
}

template <std::size_t Min, std::size_t Max, FixedString Alphabet>
json::object JsonSchemas::of_text(std::type_identity<Text<Min, Max, Alphabet>>) {
  json::object schema{{"type", "string"}};
  if (Min > 0) schema["minLength"] = Min;
  schema["maxLength"] = Max;
  if (sizeof(Alphabet.characters) > 1) schema["pattern"] = "^[" + std::string(Alphabet.view()) + "]*$";
  return schema;
}

template <std::int64_t Low, std::int64_t High>
json::object JsonSchemas::of_whole(std::type_identity<WholeNumber<Low, High>>) {
  return {{"type", "integer"}, {"minimum", Low}, {"maximum", High}};
}

}  // namespace atrium
