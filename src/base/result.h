// What a request that cannot be met returns: a value, never an exception.
// Bad *data* is not an Error: it is counted (model/rejects.h) and reading goes on.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace regtriage {

enum class ErrorCode {
  usage,       // the call's words are off: exit 2
  cut_short,   // a source was not understood at all or ended early: exit 3
  unreadable,  // a source could not be read: exit 4
  database,    // exit 5
  internal,    // a bug of ours: exit 70
};

// One message to the user: `what` says what failed, where and why (lower case, no full stop);
// `hint` says what to do, or is empty. Foreign text inside is escaped by whoever prints it.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string what;
  std::string hint;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string what, std::string hint = "") {
  return tl::unexpected<Error>(Error{code, std::move(what), std::move(hint)});
}

}  // namespace regtriage
