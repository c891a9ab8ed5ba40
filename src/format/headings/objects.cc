// Listings of objects as JSON, whatever their line breaks:
//
//   {"Contents": [{"Key": "…/link", "LastModified": "2026-11-24T23:12:28+00:00", "Size": 71}, …
//   {"Key":"…/link","LastModified":"…"}                             jq -c '.Contents[]'
//   {"status":"success","type":"file","lastModified":"…","key":"…"} mc ls --json
//   {"Path":"…","Size":71,"ModTime":"…","IsDir":false},             rclone lsjson
//
// The heading's text is where the text stands: "DEPTH OBJECT FLAGS\nSECTION\nKEY\nTIME\nFIELD",
// DEPTH the open braces, OBJECT the depth of the object that has a key. What is listed is told
// where its object ends, for what stands behind the key may say that it is an old version, or a
// mark that it was deleted: such an entry is no object, and says nothing. A field that no such
// listing has ends the heading, so a JSON log is never taken for one.
//
// Source: aws-cli s3api list-objects-v2 and list-object-versions; minio/mc cmd/ls.go
// contentMessage; rclone cmd/lsjson; RFC 8259.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "format/formats/inventory.h"
#include "format/headings/headings.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestKey = 1100;  // S3: 1024 bytes
constexpr int kDeepest = 6;

constexpr std::array<std::string_view, 61> kFields = {"ChecksumAlgorithm",
                                                      "ChecksumType",
                                                      "CommonPrefixes",
                                                      "Contents",
                                                      "ContinuationToken",
                                                      "DeleteMarkers",
                                                      "Delimiter",
                                                      "DisplayName",
                                                      "ETag",
                                                      "EncodingType",
                                                      "Encrypted",
                                                      "HTTPHeaders",
                                                      "HTTPStatusCode",
                                                      "HostId",
                                                      "ID",
                                                      "IsDir",
                                                      "IsLatest",
                                                      "IsRestoreInProgress",
                                                      "IsTruncated",
                                                      "Key",
                                                      "KeyCount",
                                                      "KeyMarker",
                                                      "LastModified",
                                                      "Marker",
                                                      "MaxKeys",
                                                      "Metadata",
                                                      "MimeType",
                                                      "ModTime",
                                                      "Name",
                                                      "NextContinuationToken",
                                                      "NextKeyMarker",
                                                      "NextMarker",
                                                      "NextToken",
                                                      "NextVersionIdMarker",
                                                      "OrigID",
                                                      "Owner",
                                                      "Path",
                                                      "Prefix",
                                                      "RequestCharged",
                                                      "RequestId",
                                                      "ResponseMetadata",
                                                      "RestoreExpiryDate",
                                                      "RestoreStatus",
                                                      "RetryAttempts",
                                                      "Size",
                                                      "StartAfter",
                                                      "StorageClass",
                                                      "Tier",
                                                      "VersionId",
                                                      "VersionIdMarker",
                                                      "Versions",
                                                      "etag",
                                                      "isDeleteMarker",
                                                      "key",
                                                      "lastModified",
                                                      "size",
                                                      "status",
                                                      "storageClass",
                                                      "type",
                                                      "url",
                                                      "versionId"};

bool is_field(std::string_view name) {
  return std::binary_search(kFields.begin(), kFields.end(), name) || name == "versionOrdinal" ||
         name == "versionIndex";
}

struct Place {
  int depth = 0, object = 0;
  bool gone = false;  // an old version, or a mark of a deletion
  std::string section, key, time, field;
};

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

Place place_of(std::string_view text) {
  Place out;
  const std::string_view head = take_line(text);
  if (head.size() == 3) {
    out.depth = head[0] - '0';
    out.object = head[1] - '0';
    out.gone = head[2] == 'g';
  }
  out.section = take_line(text);
  out.key = take_line(text);
  out.time = take_line(text);
  out.field = take_line(text);
  return out;
}

std::string text_of(const Place& p) {
  std::string out = {static_cast<char>('0' + p.depth), static_cast<char>('0' + p.object),
                     p.gone ? 'g' : '-'};
  for (const std::string* part : {&p.section, &p.key, &p.time, &p.field}) {
    out += '\n';
    out += *part;
  }
  return out;
}

// The string that begins at the quote `at`; a path needs no escapes, "\/" but for one. False: it
// does not end.
bool take_string(std::string_view text, std::size_t& at, std::string& out) {
  out.clear();
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
    if (at < text.size() && out.size() < kLongestKey) out += text[at] == '\n' ? ' ' : text[at];
  }
  if (at >= text.size()) return false;
  ++at;
  return true;
}

void take_value(Place& p, std::string_view value, bool is_text) {
  const std::string_view field = p.field;
  if (is_text && (field == "Key" || field == "key" || field == "Path")) {
    p.key = value;
    p.object = p.depth;
  } else if (is_text &&
             (field == "LastModified" || field == "lastModified" || field == "ModTime")) {
    p.time = value.substr(0, 40);
  } else if (field == "IsLatest") {
    p.gone |= value == "false";
  } else if (field == "isDeleteMarker") {
    p.gone |= value == "true";
  } else if (is_text && field == "status") {
    p.gone |= value != "success";
  }
}

bool put_object(const Place& p, Scratch& scratch, Record& out) {
  const auto kept = [&](std::string_view text) {
    std::copy(text.begin(), text.end(), scratch.room.end());
    return scratch.room.keep(text.size());
  };
  StoredPath path;
  if (p.gone || p.section == "DeleteMarkers" || !read_stored_path(kept(p.key), path)) return false;
  put_stored_path(path, scratch, out);
  out.agent = p.section == "Contents" || p.section == "Versions" ? "aws s3api" : "objects as JSON";
  out.time = try_rfc3339(p.time).value_or(kNoTime);
  if (out.time != kNoTime) out.time_text = kept(p.time);
  return true;
}

// One line or piece of one: at most one object ends in it (see piece_of_listing), of a longer line
// that was not cut the last one counts. False: no such listing.
bool scan(std::string_view text, Place& p, Scratch& scratch, Record& out) {
  std::string word;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      if (!take_string(text, at, word)) return false;
      const std::size_t next = std::min(text.find_first_not_of(" \t", at), text.size());
      if (next < text.size() && text[next] == ':') {
        if (!is_field(word)) return false;
        p.field = word;
        at = next + 1;
      } else {
        take_value(p, word, true);
        p.field.clear();
      }
      continue;
    }
    ++at;
    if (c == '{') {
      if (++p.depth > kDeepest) return false;
    } else if (c == '}') {
      if (--p.depth < 0) return false;
      if (!p.key.empty() && p.depth + 1 == p.object) {
        put_object(p, scratch, out);
        p.key.clear(), p.time.clear();
        p.gone = false;
      }
      if (p.depth == 0) p.section.clear();
    } else if (c == '[') {
      if (!p.field.empty()) p.section = p.field;
    } else if (c == 't' || c == 'f' || c == 'n' || c == '-' || (c >= '0' && c <= '9')) {
      const std::size_t end = std::min(text.find_first_of(" \t,]}", at), text.size());
      take_value(p, text.substr(at - 1, end - at + 1), false);
      p.field.clear();
      at = end;
    } else if (c != ' ' && c != '\t' && c != ',' && c != ']' && c != ':') {
      return false;
    }
  }
  return true;
}

// How a listing begins, without blanks.
constexpr std::array<std::string_view, 12> kHeads = {"{\"Contents\":",
                                                     "{\"IsTruncated\":",
                                                     "{\"Key\":",
                                                     "{\"Path\":",
                                                     "[{\"Key\":",
                                                     "[{\"Path\":",
                                                     "{\"RequestCharged\":",
                                                     "{\"Versions\":",
                                                     "\"Contents\":[",
                                                     "\"Versions\":[",
                                                     "{\"ResponseMetadata\":",
                                                     "\"DeleteMarkers\":["};

bool begins_listing(std::string_view text) {
  if (text.size() < 8 || (text[0] != '{' && text[0] != '[' && text[0] != '"')) return false;
  // Most objects of a log are done with their first key's first letter.
  if (text[0] == '{' && text[1] == '"' &&
      std::string_view("CIKPRVs").find(text[2]) == std::string_view::npos)
    return false;
  std::array<char, 24> bare{};
  std::size_t size = 0;
  for (std::size_t at = 0; at < text.size() && at < 40 && size < bare.size(); ++at)
    if (text[at] != ' ' && text[at] != '\t') bare[size++] = text[at];
  const std::string_view head(bare.data(), size);
  if (head.starts_with("{\"status\":\"success\",\"ty"))
    return contains(text.substr(0, 400), "\"key\":");
  for (const std::string_view known : kHeads)
    if (head.starts_with(known)) return true;
  return false;
}

}  // namespace

bool objects_head(std::string_view line, Heading& heading) {
  const std::string_view text = trimmed(line);
  if (!begins_listing(text)) return false;
  Place place;
  if (text[0] == '"') place.depth = 1;  // the brace before it stands in a line of its own
  heading.kind = Heading::Kind::objects;
  heading.text = text_of(place);
  return true;
}

bool below_objects(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  out.format = Format::inventory;
  const std::string_view text = trimmed(line);
  Place place = place_of(heading.text);
  // Between two objects any other JSON may come.
  if (place.depth == 0 && contains(text, "\"") && !begins_listing(text)) return false;
  if (!scan(text, place, scratch, out)) return false;
  heading.text = text_of(place);
  return true;
}

bool heads_listing(std::string_view line) { return begins_listing(trimmed(line)); }

std::size_t piece_of_listing(std::string_view line, const Heading& heading) {
  if (line.empty() || (line[0] != '{' && line[0] != '[')) return line.size();
  if (heading.kind != Heading::Kind::objects && !begins_listing(line)) return line.size();
  for (std::size_t at = line.find("},"); at != std::string_view::npos;
       at = line.find("},", at + 1)) {
    const std::size_t next = line.find_first_not_of(" \t", at + 2);
    if (next != std::string_view::npos && line[next] == '{') return next;
  }
  return line.size();
}

}  // namespace regtriage
