#include "format/format.h"
#include "format/format_catalogue.h"
#include "format/scratch.h"

namespace regtriage {

struct RecordParser::Impl {
  Scratch scratch;
};

RecordParser::RecordParser() : impl_(std::make_unique<Impl>()) {}
RecordParser::~RecordParser() = default;

Parsed RecordParser::parse(std::string_view payload, Record& out) {
  for (const FormatRow& row : format_catalogue()) {
    if (!row.tried_always && !row.begins(payload)) continue;
    const Parsed parsed = row.parse(payload, impl_->scratch, out);
    if (parsed != Parsed::not_mine) return parsed;
  }
  out = Record{};
  out.format = Format::text;
  out.message = payload;
  return Parsed::not_mine;
}

bool starts_record(std::string_view payload) {
  for (const FormatRow& row : format_catalogue())
    if (row.begins(payload)) return true;
  return false;
}

}  // namespace regtriage
