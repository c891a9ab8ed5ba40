// Takes envelopes off layer by layer. What a layer decodes lives in that layer's context, so that
// the views of all layers hold until the next line.
#include <array>

#include "base/text.h"
#include "format/envelope_catalogue.h"
#include "format/format.h"
#include "format/formats/formats.h"
#include "format/json_keys.h"

namespace regtriage {
namespace {

constexpr std::size_t kMaxLayers = 6;

// Objects of a program's own far outnumber the shippers' ones in most logs: no JSON is read unless
// a shipper's key is there.
bool may_be_shipped_json(std::string_view line) {
  if (line.starts_with("{\"log\":")) return true;  // docker's own begin so
  const JsonKeys keys = JsonKeys::of(line);
  return keys.has_any(JsonKey::log, JsonKey::MESSAGE, JsonKey::line) ||
         (keys.has(JsonKey::message) &&
          keys.has_any(JsonKey::agent, JsonKey::input, JsonKey::metadata, JsonKey::logtag,
                       JsonKey::p));
}

// Upstream's text with colours inside, or with other signs for its quotes and blanks.
bool may_be_damaged(std::string_view line) {
  constexpr std::size_t kHead = 64;  // the time's value and the level
  if (line.size() > 5 && line[5] != '"') return true;
  const std::string_view head = line.substr(0, kHead);
  // One sign is found faster than three, and hardly ever there.
  const bool parted = head.find(';') != std::string_view::npos && contains(head, "\" ;");
  return parted || line.find('\x1b') != std::string_view::npos;
}

// Most lines of most logs: upstream text without an envelope, and its access lines, whose "- - ["
// behind the first word no transport prints.
bool surely_bare(std::string_view line) {
  if (line.empty()) return true;
  if (line.starts_with("time=")) return !may_be_damaged(line);
  return access_surely_begins(line);
}

// Inner layers know better; what they do not say stays.
void join(const Envelope& layer, Envelope& out) {
  out.payload = layer.payload;
  if (!layer.instance.empty()) out.instance = layer.instance;
  if (!layer.stream.empty()) out.stream = layer.stream;
  if (layer.time != kNoTime) out.time = layer.time;
  if (layer.part != Envelope::Part::whole) out.part = layer.part;
}

}  // namespace

struct EnvelopePeeler::Impl {
  Options options;
  std::array<PeelContext, kMaxLayers> contexts;
  std::uint32_t seen = 0;

  Peel peel_layer(std::string_view line, PeelContext& context, Envelope& layer);
};

Peel EnvelopePeeler::Impl::peel_layer(std::string_view line, PeelContext& context,
                                      Envelope& layer) {
  context.room.begin(line.size());
  if (line[0] == '{') {
    if (!may_be_shipped_json(line)) return Peel::no;
    if (!context.json.read(line)) return line.starts_with("{\"log\":\"") ? Peel::broken : Peel::no;
  }
  const std::span<const EnvelopeRow> rows = envelope_catalogue();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (!rows[row].may_begin(line[0])) continue;
    layer = Envelope{};
    const Peel peel = rows[row].peel(line, context, layer);
    if (peel == Peel::no) continue;
    seen |= std::uint32_t{1} << row;
    return peel;
  }
  return Peel::no;
}

EnvelopePeeler::EnvelopePeeler() : impl_(std::make_unique<Impl>()) {}
EnvelopePeeler::~EnvelopePeeler() = default;

void EnvelopePeeler::set_options(const Options& options) {
  impl_->options = options;
  for (PeelContext& context : impl_->contexts) context.options = options;
}

bool EnvelopePeeler::peel(std::string_view line, Envelope& out) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  out = Envelope{};
  out.payload = line;
  for (PeelContext& context : impl_->contexts) {
    if (surely_bare(out.payload)) break;
    Envelope layer;
    const Peel peel = impl_->peel_layer(out.payload, context, layer);
    if (peel == Peel::no) break;
    // A cut piece of a long line may begin like an envelope and be none.
    if (peel == Peel::broken) return out.part == Envelope::Part::partial;
    join(layer, out);
  }
  if (out.payload.ends_with('\r')) out.payload.remove_suffix(1);
  return true;
}

std::uint32_t EnvelopePeeler::seen() const { return impl_->seen; }
void EnvelopePeeler::clear_seen() { impl_->seen = 0; }

std::string_view envelope_word(unsigned index) {
  const std::span<const EnvelopeRow> rows = envelope_catalogue();
  return index < rows.size() ? rows[index].word : std::string_view();
}

}  // namespace regtriage
