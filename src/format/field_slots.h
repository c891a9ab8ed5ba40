// Which key goes into which slot of a Record. One table for all products and spellings.
#pragma once

#include <string_view>

#include "model/record.h"

namespace regtriage {

enum class Slotted : std::uint8_t {
  taken,     // the value is in its slot
  repeated,  // its slot was filled before; the first one stays
  unknown,   // no slot: the caller keeps it in Record::fields
};

// Puts a decoded value into its slot. `key` as printed. O(length of key).
Slotted put_in_slot(Record& record, std::string_view key, std::string_view value);

// "msg", "message": also in the slots above; these two are for formats that know what they hold.
void put_level(Record& record, std::string_view word);
void put_time(Record& record, std::string_view text);

}  // namespace regtriage
