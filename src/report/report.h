// Findings to text, one renderer a file. No renderer sees a raw byte of the input: each encodes for
// its own sink (DESIGN §8).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "model/facts.h"
#include "model/finding.h"

namespace regtriage {

// All lines of each request. Their facts hold every line; those of the findings fold the harmless
// ones.
struct RequestList {
  const Facts& facts;  // joined
  std::vector<JoinedRequest> all;
};

struct ReportModel {
  const Facts& facts;
  const Judgement& judgement;
  std::string_view tool_version, ruleset;
  bool events = false;                    // one row per error and silent line
  const RequestList* requests = nullptr;  // null: not asked for
  bool sessions = false;
  bool full = false;           // no caps on lists
  bool narrowed = false;       // findings were left out as asked (--repo, --since, --until)
  bool canonical = false;      // no positions, no input section (law L1)
  bool color = false;          // text only
  bool short_digests = false;  // text on a terminal only
  int width = 80;              // columns, 0 = no wrapping
  int zone_offset_s = 0;       // what --assume-tz said
  std::string_view only;       // id of one finding, or the beginning of it
  std::size_t max_chars = 0;   // Markdown, Jira: cut at a finding's border; 0 = no limit
  enum class Hide { nothing, names, all } hide = Hide::nothing;  // --redact
};

struct Renderer {
  std::string_view name;  // value of --format
  std::string_view what;  // one line for the help
  void (*render)(const ReportModel&, std::string& out);
};
std::span<const Renderer> renderers();  // the catalogue
const Renderer* renderer_named(std::string_view name);

// Narrows to `only`, hides what `hide` says, then renders. Appends to `out`. Everybody prints
// reports through this: a renderer alone does not hide anything.
void render(const Renderer& renderer, const ReportModel& model, std::string& out);

}  // namespace regtriage
