#pragma once

#include <string>
#include <string_view>

namespace atrium::admin {

// bcrypt hashes: "$2b$", two digits of cost, "$", 22 characters of salt and 31 of hash (crypt(5), "bcrypt").

/// Whether `hash` has that form.
bool is_bcrypt_hash(std::string_view hash);

/// Whether `hash` is that of `password`, of which bcrypt takes 72 octets. Takes as long as the hash's cost says, tens of
/// milliseconds at 10. Any thread.
bool matches_bcrypt(const std::string& password, const std::string& hash);

}  // namespace atrium::admin
