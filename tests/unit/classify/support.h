// A log line the way the program reads it: envelope, format, classify.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "classify/classifier.h"
#include "classify/rule_check.h"
#include "classify/rule_set.h"
#include "format/format.h"

namespace regtriage {

// The built-in rules; made once, shared by the tests of one program.
inline const Classifier& built_in() {
  static const Result<Classifier> classifier = Classifier::make({});
  if (!classifier) throw std::runtime_error(classifier.error().what);
  return *classifier;
}

inline LineParser line_parser() {
  const auto parser = std::make_shared<RecordParser>();
  return [parser](std::string_view line, Record& out) {
    return parser->parse(line, out) == Parsed::record;
  };
}

// Reads lines one by one; the draft of the last one stays valid until the next.
class LineReader {
 public:
  explicit LineReader(const Classifier& classifier = built_in()) : classifier_(classifier) {}

  const EventDraft& read(std::string_view line, std::string_view instance = "") {
    line_ = line;
    if (parser_.parse(line_, record_) != Parsed::record)
      throw std::runtime_error("no format knows: " + line_);
    classifier_.classify(record_, line_, instance, scratch_, draft_);
    return draft_;
  }

 private:
  const Classifier& classifier_;
  RecordParser parser_;
  Classifier::Scratch scratch_;
  std::string line_;
  Record record_;
  EventDraft draft_;
};

}  // namespace regtriage
