#include "chat/operations/exposition.h"

namespace atrium::chat {

namespace {

enum class Quotes { plain, escaped };

void append_escaped(std::string& out, std::string_view text, Quotes quotes) {
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\' || (c == '"' && quotes == Quotes::escaped)) {
      out += '\\';
      out += c;
    } else {
      out += c;
    }
  }
}

}  // namespace

void Exposition::family(std::string_view name, Type type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ");
  append_escaped(text_, help, Quotes::plain);
  text_.append("\n# TYPE ").append(name).append(type == Type::counter ? " counter\n" : " gauge\n");
}

void Exposition::sample(std::uint64_t value, Labels labels) {
  text_ += name_;
  char before = '{';
  for (const auto& [label, of] : labels) {
    text_ += before;
    text_.append(label).append("=\"");
    append_escaped(text_, of, Quotes::escaped);
    text_ += '"';
    before = ',';
  }
  if (before == ',') text_ += '}';
  text_.append(" ").append(std::to_string(value)).append("\n");
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, Type::counter, help);
  sample(value);
}

void Exposition::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
  family(name, Type::gauge, help);
  sample(value);
}

}  // namespace atrium::chat
