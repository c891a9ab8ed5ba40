#include "ingest/lend.h"

#include <cstring>
#include <string_view>

namespace regtriage {
namespace {

// Every view of a draft. A new one must be listed here, too.
constexpr std::string_view EventDraft::*kTexts[] = {
    &EventDraft::repository, &EventDraft::digest,   &EventDraft::tag,      &EventDraft::client,
    &EventDraft::agent,      &EventDraft::user,     &EventDraft::instance, &EventDraft::upload,
    &EventDraft::request,    &EventDraft::manifest, &EventDraft::from,     &EventDraft::path,
    &EventDraft::detail,     &EventDraft::rule};

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

KeptDraft::KeptDraft(const EventDraft& draft, const Position& at) : draft_(draft), at_(at) {
  std::size_t size = 0;
  for (const auto text : kTexts) size += (draft.*text).size();
  text_ = std::make_unique_for_overwrite<char[]>(size + 1);
  char* to = text_.get();
  for (const auto text : kTexts) {
    std::string_view& view = draft_.*text;
    if (!view.empty()) std::memcpy(to, view.data(), view.size());
    view = {to, view.size()};
    to += view.size();
  }
}

EventId LendQueue::next_id(const UntimedRecord& record) {
  const bool again = record.content == first_;
  const bool restarted = record.relative_s >= 0 && record.relative_s < relative_s_;
  if (ordinal_ == 0 || again || restarted) {
    first_ = record.content;
    chain_ = EventId{};
    ordinal_ = 0;
  }
  relative_s_ = record.relative_s;
  chain_ = hash_of(bytes_of(chain_), bytes_of(record.content));
  return hash_of(bytes_of(chain_), bytes_of(ordinal_++));
}

void LendQueue::lend(UntimedRecord& record, TimeNs time, bool whole, bool after,
                     Accumulator& facts) const {
  facts.add_untimed(record.draft->draft(), record.draft->at(), time,
                    OrderState::lent(record.mark, time, whole, after));
}

void LendQueue::lend_before(Accumulator& facts) {
  for (UntimedRecord& record : waiting_) lend(record, before_, before_is_whole_, true, facts);
  waiting_.clear();
}

void LendQueue::untimed(UntimedRecord record, Accumulator& facts) {
  const EventId id = next_id(record);
  if (record.draft == nullptr) return;
  record.draft->draft().id = id;
  waiting_.push_back(std::move(record));
  long_run_ = long_run_ || waiting_.size() > kMostWaiting;
  if (long_run_) lend_before(facts);
}

void LendQueue::timed(TimeNs time, bool whole_second, Accumulator& facts) {
  if (!waiting_.empty()) {
    for (UntimedRecord& record : waiting_) lend(record, time, whole_second, false, facts);
    waiting_.clear();
  }
  long_run_ = false;
  ordinal_ = 0;
  relative_s_ = -1;
  before_ = time;
  before_is_whole_ = whole_second;
}

void LendQueue::end(Accumulator& facts) {
  lend_before(facts);
  *this = LendQueue{};
}

LendPiece& LendTable::piece_of(std::uint64_t stream) {
  const std::size_t place = stream % kPlaces;
  if (index_[place] == 0) {
    pieces_.emplace_back().stream = static_cast<std::uint16_t>(place);
    index_[place] = static_cast<std::uint16_t>(pieces_.size());
  }
  return pieces_[index_[place] - 1U];
}

void LendTable::untimed(std::uint64_t stream, UntimedRecord record, Accumulator& facts) {
  LendPiece& piece = piece_of(stream);
  if (piece.any_timed) {
    piece.queue.untimed(std::move(record), facts);
  } else {
    piece.head.push_back(std::move(record));
  }
}

void LendTable::timed(std::uint64_t stream, TimeNs time, bool whole_second, Accumulator& facts) {
  LendPiece& piece = piece_of(stream);
  if (!piece.any_timed) {
    piece.any_timed = true;
    piece.first = time;
    piece.first_is_whole = whole_second;
  }
  piece.queue.timed(time, whole_second, facts);
}

void SourceLender::take(LendTable&& segment, Accumulator& facts) {
  for (LendPiece& piece : segment.pieces()) {
    LendQueue& queue = queues_[piece.stream];
    for (UntimedRecord& record : piece.head) queue.untimed(std::move(record), facts);
    if (!piece.any_timed) continue;
    queue.timed(piece.first, piece.first_is_whole, facts);
    queue = std::move(piece.queue);
  }
}

void SourceLender::end(Accumulator& facts) {
  for (auto& [stream, queue] : queues_) queue.end(facts);
}

}  // namespace regtriage
