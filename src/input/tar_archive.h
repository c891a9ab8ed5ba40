// A tar archive on disk, plain or compressed: a folder in one file. Its members are sources of
// their own, read in the order in which they lie there. Nothing is unpacked anywhere: a member's
// name is only shown, never used as a path.
//
// The problem: a compressed archive can only be read from its beginning, and sources are read by
// several threads, each a part of the time. The idea: a reader that has done with a member waits
// for whoever wants a later one; only who finds none begins anew. As sources are begun in their
// order, an archive is decompressed at most once for each thread. Refused: a temporary file
// (secrets would reach the disk), and all of it in memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "input/input.h"

namespace regtriage {

class TarReader;

class TarArchive : public std::enable_shared_from_this<TarArchive> {
 public:
  struct Member {
    std::string name;        // as printed in the archive, without "./" and "/" at its head; hostile
    std::uint64_t size = 0;  // as its header says; the stream may be shorter
    std::uint64_t entry = 0;  // its place among all entries
  };

  // Null: no regular file or text, or no archive. Reads the archive once: O(bytes), but for a file
  // that is none, which costs its first bytes. At most 100,000 members are listed.
  static std::shared_ptr<TarArchive> try_open(const InputName& input,
                                              const std::atomic<bool>* stop = nullptr);
  ~TarArchive();

  // Plain files. Links, devices and hidden files (a name with a dot at its head, as the resource
  // forks of other systems) are left out.
  const std::vector<Member>& members() const { return members_; }
  // Why the list ends early; error().what is empty if it does not.
  const Error& error() const { return error_; }
  const std::string& path() const { return input_.path; }

  // The member's bytes; keeps the archive alive. Any thread; each stream one thread.
  std::unique_ptr<ByteStream> open(std::size_t member);

 private:
  friend class MemberStream;
  explicit TarArchive(const InputName& input);
  void list(TarReader& reader, const std::atomic<bool>* stop);
  std::unique_ptr<TarReader> reader_before(std::uint64_t entry);
  void give_back(std::unique_ptr<TarReader> reader);

  InputName input_;
  std::vector<Member> members_;
  Error error_;
  std::mutex mutex_;  // guards what follows
  std::vector<std::unique_ptr<TarReader>> idle_;
};

}  // namespace regtriage
