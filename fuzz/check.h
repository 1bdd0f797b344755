#pragma once

#include <cstdio>
#include <cstdlib>

namespace atrium::fuzz {

/// What must hold for any input; ends the run otherwise, so that libFuzzer keeps the input.
inline void check(bool holds, const char* claim) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", claim);
  std::abort();
}

}  // namespace atrium::fuzz
