#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/fixed_string.h"
#include "base/result.h"
#include "base/utf8.h"

// JSON <-> structs that state their members with BOOST_DESCRIBE_STRUCT. Reading names the field that is wrong, in words for
// whoever sent it; writing leaves optional members out when they are empty. Unknown keys are ignored: a newer client may say
// more than this server understands.

namespace atrium {

namespace json = boost::json;

/// What is wrong with a payload, and where: `field` is a path such as "channelId" or "items.2.name", empty for the whole.
struct FieldError {
  std::string field;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(FieldError, (), (field, message))

template <class T>
concept Described = boost::describe::has_describe_members<T>::value;

/// An enum that states its words with BOOST_DESCRIBE_ENUM. `public_` is the word "public", which no enumerator can be called.
template <class T>
concept DescribedEnum = std::is_enum_v<T> && boost::describe::has_describe_enumerators<T>::value;

/// A described struct with a rule of its own, asked once every member has been read: `std::optional<FieldError> check() const`.
template <class T>
concept Checked = requires(const T& value) {
  { value.check() } -> std::same_as<std::optional<FieldError>>;
};

/// A whole number within bounds, both included.
template <std::int64_t Low, std::int64_t High>
struct WholeNumber final {
  std::int64_t value = Low;
  operator std::int64_t() const { return value; }
  bool operator==(const WholeNumber&) const = default;
};

/// A string of `Min` to `Max` characters (code points), each out of `Alphabet`, which reads as between the brackets of a
/// regular expression: "a-z0-9-". Empty: of any.
template <std::size_t Min, std::size_t Max, FixedString Alphabet = "">
struct Text final {
  std::string value;
  operator const std::string&() const { return value; }
  bool operator==(const Text&) const = default;
};

/// A member that is always there, and null while it is empty; an empty std::optional is left out.
template <class T>
struct Nullable final : std::optional<T> {
  using std::optional<T>::optional;
};

/// "public" of public_.
constexpr std::string_view enum_word(std::string_view enumerator) {
  if (enumerator.ends_with('_')) enumerator.remove_suffix(1);
  return enumerator;
}

namespace describe_parts {

/// Those of described bases first.
template <class T>
using MembersOf = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
struct is_map : std::false_type {};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type {};

template <class T>
struct is_whole : std::false_type {};
template <std::int64_t Low, std::int64_t High>
struct is_whole<WholeNumber<Low, High>> : std::true_type {};

template <class T>
struct is_text : std::false_type {};
template <std::size_t Min, std::size_t Max, FixedString Alphabet>
struct is_text<Text<Min, Max, Alphabet>> : std::true_type {};

template <class T>
struct is_nullable : std::false_type {};
template <class T>
struct is_nullable<Nullable<T>> : std::true_type {};

using Error = std::optional<FieldError>;

inline Error wrong(std::string_view what) { return FieldError{{}, std::string(what)}; }
inline Error within(Error error, std::string_view field) {
  if (error) error->field = error->field.empty() ? std::string(field) : std::string(field) + "." + error->field;
  return error;
}

inline Error read(const json::value& from, std::string& into) {
  if (!from.is_string()) return wrong("must be a string");
  into = from.get_string();
  return {};
}

inline Error read(const json::value& from, bool& into) {
  if (!from.is_bool()) return wrong("must be true or false");
  into = from.get_bool();
  return {};
}

inline Error read(const json::value& from, double& into) {
  if (!from.is_number()) return wrong("must be a number");
  into = from.to_number<double>();
  return {};
}

template <std::integral Int>
Error read(const json::value& from, Int& into) {
  boost::system::error_code error;
  into = from.to_number<Int>(error);
  return error ? wrong("must be a whole number in range") : Error{};
}

inline Error read(const json::value& from, json::value& into) {
  into = from;
  return {};
}

template <std::int64_t Low, std::int64_t High>
Error read(const json::value& from, WholeNumber<Low, High>& into) {
  const bool bad = read(from, into.value).has_value() || into.value < Low || into.value > High;
  if (!bad) return {};
  return wrong("must be a whole number from " + std::to_string(Low) + " to " + std::to_string(High));
}

/// Whether `c` is one of "a-z0-9-"; a '-' that stands at an end is itself.
constexpr bool is_of(std::string_view alphabet, char c) {
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    const bool range = i + 2 < alphabet.size() && alphabet[i + 1] == '-';
    if (range ? alphabet[i] <= c && c <= alphabet[i + 2] : alphabet[i] == c) return true;
    if (range) i += 2;
  }
  return false;
}

template <std::size_t Min, std::size_t Max, FixedString Alphabet>
Error read(const json::value& from, Text<Min, Max, Alphabet>& into) {
  if (auto error = read(from, into.value)) return error;
  const std::size_t length = utf8_length(into.value);
  bool fits = Min <= length && length <= Max;
  constexpr bool any = sizeof(Alphabet.characters) == 1;
  for (const char c : into.value) fits &= any || is_of(Alphabet.view(), c);
  if (fits) return {};
  const std::string count = Min == 0 ? "at most " : std::to_string(Min) + " to ";
  const std::string of = any ? "" : " out of " + std::string(Alphabet.view());
  return wrong("must have " + count + std::to_string(Max) + " characters" + of);
}

template <DescribedEnum T>
Error read(const json::value& from, T& into) {
  std::vector<std::string_view> words;
  bool found = false;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
    words.push_back(enum_word(enumerator.name));
    if (!from.is_string() || std::string_view(from.get_string()) != words.back()) return;
    into = enumerator.value;
    found = true;
  });
  if (found) return {};
  std::string message = "must be ";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) message += i + 1 < words.size() ? ", " : " or ";
    message += words[i];
  }
  return wrong(message);
}

template <class T>
Error read(const json::value& from, std::optional<T>& into);
template <class T>
Error read(const json::value& from, Nullable<T>& into);
template <class T>
Error read(const json::value& from, std::vector<T>& into);
template <class T>
Error read(const json::value& from, std::map<std::string, T>& into);
template <Described T>
Error read(const json::value& from, T& into);

template <class T>
Error read(const json::value& from, std::optional<T>& into) {
  if (from.is_null()) return {};
  return read(from, into.emplace());
}

template <class T>
Error read(const json::value& from, Nullable<T>& into) {
  return read(from, static_cast<std::optional<T>&>(into));
}

template <class T>
Error read(const json::value& from, std::vector<T>& into) {
  if (!from.is_array()) return wrong("must be a list");
  for (const json::value& item : from.get_array()) {
    if (auto error = read(item, into.emplace_back())) return within(std::move(error), std::to_string(into.size() - 1));
  }
  return {};
}

template <class T>
Error read(const json::value& from, std::map<std::string, T>& into) {
  if (!from.is_object()) return wrong("must be an object");
  for (const auto& [key, value] : from.get_object()) {
    if (auto error = read(value, into[std::string(key)])) return within(std::move(error), key);
  }
  return {};
}

template <Described T>
Error read(const json::value& from, T& into) {
  if (!from.is_object()) return wrong("must be an object");
  const json::object& object = from.get_object();
  Error error;
  boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
    if (error) return;
    auto& place = into.*member.pointer;
    const json::value* value = object.if_contains(member.name);
    if (value) {
      error = within(read(*value, place), member.name);
    } else if (!is_optional<std::remove_reference_t<decltype(place)>>::value) {
      error = within(wrong("is missing"), member.name);
    }
  });
  if constexpr (Checked<T>) {
    if (!error) error = into.check();
  }
  return error;
}

template <class T>
json::value write(const T& from) {
  if constexpr (Described<T>) {
    json::object object;
    boost::mp11::mp_for_each<MembersOf<T>>([&](auto member) {
      const auto& value = from.*member.pointer;
      if constexpr (is_optional<std::remove_cvref_t<decltype(value)>>::value) {
        if (value) object.emplace(member.name, write(*value));
      } else {
        object.emplace(member.name, write(value));
      }
    });
    return object;
  } else if constexpr (is_vector<T>::value) {
    json::array array;
    for (const auto& item : from) array.push_back(write(item));
    return array;
  } else if constexpr (is_map<T>::value) {
    json::object object;
    for (const auto& [key, value] : from) object.emplace(key, write(value));
    return object;
  } else if constexpr (is_nullable<T>::value) {
    return from ? write(*from) : json::value();
  } else if constexpr (DescribedEnum<T>) {
    return json::value(json::string(enum_word(boost::describe::enum_to_string(from, ""))));
  } else if constexpr (is_whole<T>::value) {
    return json::value(from.value);
  } else if constexpr (is_text<T>::value) {
    return json::value(json::string(from.value));
  } else {
    return json::value_from(from);
  }
}

}  // namespace describe_parts

/// The struct that `value` describes, or the first thing that is wrong with it.
template <class T>
Result<T, FieldError> from_json(const json::value& value) {
  T read{};
  if (auto error = describe_parts::read(value, read)) return std::move(*error);
  // Said outright: a string could also be taken for the first member of an error.
  return Result<T, FieldError>(boost::system::in_place_value, std::move(read));
}

template <class T>
json::value to_json(const T& value) {
  return describe_parts::write(value);
}

}  // namespace atrium
