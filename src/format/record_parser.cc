#include "base/text.h"
#include "format/format.h"
#include "format/format_catalogue.h"
#include "format/formats/spoken_error.h"
#include "format/headings/headings.h"
#include "format/scratch.h"

namespace regtriage {

struct RecordParser::Impl {
  Scratch scratch;
};

namespace {

// Formats of programs that pass on what another one answered.
bool may_pass_on(const Record& record) {
  switch (record.format) {
    case Format::logfmt:
    case Format::tty:
    case Format::json:
    case Format::klog:
    case Format::go_log:
      return record.request_id.empty() && record.uri.empty() && record.status < 0;
    case Format::harbor:
      return record.level >= Level::warning || record.message.starts_with("{\"errors\"");
    default:
      return false;
  }
}

}  // namespace

RecordParser::RecordParser() : impl_(std::make_unique<Impl>()) {}
RecordParser::~RecordParser() = default;

Parsed RecordParser::parse(std::string_view payload, Record& out) {
  for (const FormatRow& row : format_catalogue()) {
    if (!row.tried_always && !row.begins(payload)) continue;
    const Parsed parsed = row.parse(payload, impl_->scratch, out);
    if (parsed == Parsed::not_mine) continue;
    if (parsed == Parsed::record && out.code.empty() && may_pass_on(out) &&
        !take_spoken_error(out.message, impl_->scratch, out))
      take_spoken_error(out.error, impl_->scratch, out);
    return parsed;
  }
  out = Record{};
  out.format = Format::text;
  if (!is_rest_of_record(trimmed(payload))) out.message = payload;
  return Parsed::not_mine;
}

bool RecordParser::parse_below(std::string_view line, Heading& heading, Record& out) {
  return read_below(line, heading, impl_->scratch, out);
}

bool starts_record(std::string_view payload) {
  for (const FormatRow& row : format_catalogue())
    if (row.begins(payload)) return true;
  return false;
}

}  // namespace regtriage
