// The descriptor cache holds only "here", never "not here" (distribution registry/storage/cache,
// v2.8.3): after the data is gone, HEAD says 200, a manifest PUT stores nothing and says 201, a GET
// sends nothing and says 200.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {

namespace {

GroupName stale_group(const Situation& s) {
  return group_of(s, s.context.stale_group(s.e.repository));
}

// What was put by tag and asked for by digest may be another manifest: never certain.
void guessed_stale(const Situation& s, const StaleManifest& stale, Candidate& c) {
  c.because(25,
            "the client that asks for this digest had just put a tag here, which was acknowledged "
            "with 201",
            {stale.put});
  c.because(25, "that digest had been deleted or collected before that push", {stale.before});
  c.because(20,
            "that push sent no layer, because every HEAD was answered as if the layer were there",
            {stale.put});
  if (s.h.redis_cache)
    c.because(10, "the registry keeps descriptors in Redis, which outlives any restart");
  c.lacks("the digest that the client put: its output, or the Docker-Content-Digest of the answer");
  c.adds_up = false;
  c.tags.push_back(stale.tag);
}

}  // namespace

void examine_stale_cache(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request) return;
  const bool in_doubt = s.e.code == Code::MANIFEST_UNKNOWN || s.e.code == Code::BLOB_UNKNOWN;
  if (s.e.code == Code::UNKNOWN && s.detail == "unknown blob") {
    Candidate& c = out.emplace_back(CauseId::stale_descriptor_cache, stale_group(s));
    c.because(
        70, "the registry found a descriptor and then no data (\"unknown blob\" with status 500)");
    return;
  }
  if (!in_doubt || s.e.status != 404) return;
  if (const StaleManifest* stale =
          s.context.stale_manifest(s.e.repository, s.e.tag, s.e.digest, s.at);
      stale && !is_unknown_tag(s)) {  // containerd asks for an unknown manifest as a blob, too
    Candidate& c = out.emplace_back(CauseId::stale_descriptor_cache, stale_group(s));
    if (stale->guessed) return guessed_stale(s, *stale, c);
    c.because(45, "the manifest was acknowledged with 201 and is unknown right after it",
              {stale->put});
    if (stale->deleted_before)
      c.because(40, "its data had been deleted or collected before that push", {stale->before});
    else if (stale->before)
      c.because(stale->same_digest_before ? 35 : 20, "the image had been there before that push",
                {stale->before});
    if (stale->skipped_uploads)
      c.because(
          30, "that push sent no layer, because every HEAD was answered as if the layer were there",
          {stale->put});
    if (s.h.redis_cache)
      c.because(10, "the registry keeps descriptors in Redis, which outlives any restart");
    if (stale->tag != NameId::none) c.tags.push_back(stale->tag);
    return;
  }
  if (const StaleBlob* stale = s.context.stale_blob(s.e.repository, s.e.digest, s.at)) {
    Candidate& c = out.emplace_back(CauseId::stale_descriptor_cache, stale_group(s));
    c.because(
        95,
        "the same blob was answered with 200 and nothing sent: its descriptor outlived its data",
        {stale->proof});
    return;
  }
  // Asked for by digest, as Harbor's core does: no tag ties it to a push, but its layers are known.
  if (s.e.code == Code::MANIFEST_UNKNOWN && s.e.tag == NameId::none && !is_unknown_tag(s) &&
      s.context.is_stale_repository(s.e.repository)) {
    const auto key = subject_key(s);
    const Sight was = s.h.reads.last_before(key, s.at);
    const Sight gone = s.h.deletes.last_before(key, s.at);
    if (!was || (gone && gone.order() > was.order())) return;
    Candidate& c = out.emplace_back(CauseId::stale_descriptor_cache, stale_group(s));
    c.because(60,
              "it was served before, nothing deleted it, and other content of this repository lost "
              "its data behind the cache",
              {was});
    return;
  }
  // After the cache is gone the registry admits that the rest of the image is lost, too.
  if (s.e.code == Code::BLOB_UNKNOWN && s.e.method == Method::GET &&
      s.context.is_stale_repository(s.e.repository)) {
    const Sight was = last_presence(s, subject_key(s));
    const Sight head = s.h.reads.last_before(subject_key(s), s.at);
    if (!was || !head || head.method() != Method::HEAD) return;
    Candidate& c = out.emplace_back(CauseId::stale_descriptor_cache, stale_group(s));
    c.because(60,
              "other content of this repository was lost behind the cache, and a push had been "
              "told that this layer is there",
              {head});
  }
}

}  // namespace regtriage
