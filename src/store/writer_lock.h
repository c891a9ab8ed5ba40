// One writer per database, also across programs: an advisory lock on a file beside it.
#pragma once

#include <string>

#include "base/result.h"

namespace regtriage {

// The kernel drops the lock when its process ends, however it ends, so a file left by a dead one is
// taken over. The file holds the writer's pid for the message to the second, who is refused at
// once.
class WriterLock {
 public:
  static Result<WriterLock> take(const std::string& database_path);
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;
  ~WriterLock();  // removes the file

 private:
  WriterLock(std::string path, int file) : path_(std::move(path)), file_(file) {}
  void release();
  std::string path_;
  int file_ = -1;
};

}  // namespace regtriage
