// The answer that the last application line told of. Its access line follows at once and says the
// same: it would fold into it (facts/pairing.h), so it is accounted for and not looked into.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "facts/pairing.h"
#include "model/event.h"
#include "model/record.h"

namespace regtriage {

// One thread. Allocates nothing for ordinary lines.
class ToldAnswer {
 public:
  void forget() { uri_.clear(); }
  // An application line. Only targets of content are remembered: these are events in both lines, so
  // that their bytes are accounted for alike.
  void remember(const Record& record, const EventDraft& draft);
  // Is this access record the same answer?
  bool is_told_by(const Record& access) const;
  // The same, read off a line without envelope before it is parsed: false is no answer, true means
  // that parse_access would give a record for which is_told_by holds, and `time` is its time. Only
  // the plain shape is known here: "host - - [time] "METHOD uri HTTP/1.1" status …".
  bool is_told_by_line(std::string_view line, TimeNs& time);

 private:
  bool is_its_time(TimeNs second) const { return lies_within(second, start_, end_); }

  std::string method_, uri_;  // uri_ empty: none
  std::string request_;       // as an access line prints it, up to the status; empty: has escapes
  std::int64_t status_ = 0;
  // A blob that was read: whether anything was sent decides if the line folds
  // (facts/accumulator.cc), so both lines must say so.
  bool blob_read_ = false, sent_ = false;
  TimeNs start_ = 0, end_ = 0;
  std::string second_text_;  // of the last line looked at, and what it means
  TimeNs second_ = kNoTime;
};

}  // namespace regtriage
