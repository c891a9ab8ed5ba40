// The public words of what a source was made of.
#include <array>

#include "model/record.h"
#include "model/source.h"

namespace regtriage {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Format::count_)> kFormatWords = {
    "none",        "logfmt",  "tty",       "json",       "logstash", "access", "go_log",
    "plain",       "webhook", "harbor",    "postgresql", "klog",     "quay",   "nexus",
    "artifactory", "gitea",   "inventory", "config",     "text"};
constexpr std::array<std::string_view, static_cast<std::size_t>(Reject::count_)> kRejectWords = {
    "not_understood", "too_long", "bad_time", "bad_envelope", "binary", "orphan_part", "bad_utf16"};

}  // namespace

std::string_view word_of(Format format) {
  return kFormatWords.at(static_cast<std::size_t>(format));
}

std::string_view word_of(Reject reason) {
  return kRejectWords.at(static_cast<std::size_t>(reason));
}

}  // namespace regtriage
