// The answers that the last application lines told of. The access line of one follows soon and says
// the same: it would fold into it (facts/pairing.h), so it is accounted for and not looked into.
// A busy registry has many requests at once, so several answers are remembered.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/pairing.h"
#include "model/event.h"
#include "model/record.h"

namespace regtriage {

// One thread. Allocates nothing for ordinary lines. What is forgotten or overwritten costs time,
// and no answer.
class ToldAnswer {
 public:
  void forget();
  // An application line. Only targets of content are remembered: these are events in both lines, so
  // that their bytes are accounted for alike.
  void remember(const Record& record, const EventDraft& draft);
  // Is this access record an answer that was told?
  bool is_told_by(const Record& access) const;
  // The same, read off a line without envelope before it is parsed: false is no answer, true means
  // that parse_access would give a record for which is_told_by holds, and `time` is its time. Only
  // the plain shape is known here: "host - - [time] "METHOD uri HTTP/1.1" status …".
  bool is_told_by_line(std::string_view line, TimeNs& time);

 private:
  struct Answer {
    std::string method, uri;   // uri empty: none
    bool has_escapes = false;  // the uri in an access line
    std::int64_t status = 0;
    // A blob that was read: whether anything was sent decides if the line folds
    // (facts/accumulator.cc), so both lines must say so.
    bool blob_read = false, sent = false;
    TimeNs start = 0, end = 0;

    bool is_of(std::string_view its_method, std::string_view its_uri,
               std::int64_t its_status) const {
      return status == its_status && uri == its_uri && method == its_method;
    }
    bool fits(bool anything_sent, TimeNs second) const {
      return (!blob_read || anything_sent == sent) && lies_within(second, start, end);
    }
  };
  static constexpr std::size_t kPlaces = 64;
  static std::size_t place_of(std::string_view uri);

  std::array<Answer, kPlaces> answers_;
  std::size_t last_ = 0;     // place of the last one
  std::string second_text_;  // of the last line looked at, and what it means
  TimeNs second_ = kNoTime;
};

}  // namespace regtriage
