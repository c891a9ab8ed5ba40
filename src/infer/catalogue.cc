// The catalogue of causes: joins the tables of infer/causes/ into one, in the order of CauseId.
#include <array>
#include <cstddef>

#include "infer/causes/rows.h"
#include "infer/judge.h"

namespace regtriage {
namespace {

using causes::Text;

constexpr std::size_t kCauses = static_cast<std::size_t>(CauseId::count_);
using Catalogue = std::array<CauseInfo, kCauses>;

constexpr Text kUndeterminedDo[] = {
    "Get the lines that are missing: the logs of all replicas and of the proxy, from before the "
    "first error, at level info or lower.",
    "Add start-up lines, garbage-collect output and, with Harbor, core.log, registryctl.log, "
    "proxy.log and the job logs.",
    "Run the commands below, then ask again with the new lines.",
};
constexpr Text kUndeterminedDont[] = {
    "Do not flush Redis or restart anything on suspicion: it changes the evidence, and most causes "
    "are not helped by it.",
    "Do not run garbage-collect: it only deletes, and what it takes cannot be brought back.",
    "Do not filter the logs for errors before handing them on: the line that decides is often a "
    "success.",
};
constexpr Text kUndeterminedConfirm[] = {
    "curl -s -u USER {registry}/v2/REPOSITORY/tags/list   # is the tag there",
    "skopeo copy docker://HOST/REPOSITORY:TAG dir:/tmp/check   # does a whole pull work now",
    "aws s3 ls s3://BUCKET/ROOT/docker/registry/v2/blobs/sha256/HH/HEX/data   # is the data in "
    "storage",
    "redis-cli -n DB HGETALL blobs::DIGEST   # does the cache say otherwise",
};
constexpr CauseInfo kUndetermined{CauseId::undetermined,
                                  CauseClass::undetermined,
                                  Verdict::undetermined,
                                  Severity::medium,
                                  "the lines at hand do not decide it",
                                  "These errors are real as far as the lines tell, but more than "
                                  "one cause fits and nothing in the logs settles which. "
                                  "A guess would send you the wrong way, so none is made. What "
                                  "would decide it is listed with the finding.",
                                  "As soon as one of the missing lines or an answer to one of the "
                                  "commands is at hand, one of the other causes applies.",
                                  kUndeterminedDo,
                                  kUndeterminedDont,
                                  kUndeterminedConfirm};

// A cause that no table has stays `undetermined`; the tests name it.
Catalogue join_tables() {
  Catalogue all;
  all.fill(kUndetermined);
  const std::array tables = {causes::noise(),    causes::request(),       causes::request_upload(),
                             causes::storage(),  causes::storage_fault(), causes::deployment(),
                             causes::upstream(), causes::harbor()};
  for (const std::span<const CauseInfo> table : tables) {
    for (const CauseInfo& row : table) all[static_cast<std::size_t>(row.id)] = row;
  }
  return all;
}

const Catalogue& catalogue() {
  static const Catalogue all = join_tables();
  return all;
}

}  // namespace

const CauseInfo& info_of(CauseId id) {
  return id < CauseId::count_ ? catalogue()[static_cast<std::size_t>(id)] : kUndetermined;
}

std::span<const CauseInfo> all_causes() { return catalogue(); }

}  // namespace regtriage
