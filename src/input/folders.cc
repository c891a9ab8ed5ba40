#include <dirent.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <utility>

#include "input/input.h"
#include "input/tar_archive.h"

namespace regtriage {
namespace {

constexpr std::size_t kMaxDepth = 64;         // of folders in folders
constexpr std::size_t kMaxFiles = 1'000'000;  // of one folder named

// Bytewise name order on every machine. Hidden entries are left out.
Result<std::vector<std::string>> names_in(const std::string& folder) {
  DIR* const dir = ::opendir(folder.c_str());
  if (dir == nullptr)
    return fail(ErrorCode::unreadable,
                fmt::format("'{}' cannot be listed: {}", folder, std::strerror(errno)));
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(dir))
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  ::closedir(dir);
  std::sort(names.begin(), names.end());
  return names;
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.back() == '/' ? folder + name : folder + "/" + name;
}

void put_problem(std::string_view name, Error error, std::vector<OpenSource>& problems) {
  OpenSource& problem = problems.emplace_back();
  problem.name = name;
  problem.error = std::move(error);
}

// A file, or the members of an archive.
void put_file(const InputName& file, std::vector<InputName>& files,
              std::vector<OpenSource>& problems, const std::atomic<bool>* stop) {
  const std::shared_ptr<TarArchive> archive =
      file.archive == nullptr ? TarArchive::try_open(file, stop) : nullptr;
  if (archive == nullptr) {
    files.push_back(file);
    return;
  }
  for (std::size_t i = 0; i < archive->members().size(); ++i)
    files.push_back({joined(file.path, archive->members()[i].name), "", false, archive, i});
  if (!archive->error().what.empty())
    put_problem(file.path, archive->error(), problems);
  else if (archive->members().empty())
    put_problem(file.path,
                {ErrorCode::cut_short, fmt::format("the archive '{}' holds no files", file.path),
                 "name an archive of logs (hidden files and links are left out)"},
                problems);
}

// One walk below one folder that the user named. A folder is entered once, so a link back up ends.
class Walk {
 public:
  Walk(std::vector<InputName>& files, std::vector<OpenSource>& problems,
       const std::atomic<bool>* stop)
      : files_(files), problems_(problems), stop_(stop) {}

  void enter(const std::string& folder, const struct stat& about, std::size_t depth) {
    if (!entered_.emplace(about.st_dev, about.st_ino).second) return;
    if (depth > kMaxDepth) return complain(folder, fmt::format("'{}' lies too deep", folder));
    const Result<std::vector<std::string>> names = names_in(folder);
    if (!names) return complain(folder, names.error().what, names.error().code);
    for (const std::string& name : *names) visit(joined(folder, name), depth);
  }
  std::size_t found() const { return found_; }
  bool complained() const { return complained_; }

 private:
  // Pipes, sockets and devices inside a folder are nobody's log.
  void visit(const std::string& path, std::size_t depth) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return;  // a dangling link
    if (S_ISDIR(about.st_mode)) return enter(path, about, depth + 1);
    if (!S_ISREG(about.st_mode)) return;
    if (++found_ > kMaxFiles) {
      if (found_ == kMaxFiles + 1)
        complain(path, fmt::format("'{}' and what follows is left out: more than {} files", path,
                                   kMaxFiles));
      return;
    }
    put_file({path, "", false}, files_, problems_, stop_);
  }

  void complain(const std::string& name, std::string what, ErrorCode code = ErrorCode::unreadable) {
    complained_ = true;
    put_problem(name, {code, std::move(what), ""}, problems_);
  }

  std::vector<InputName>& files_;
  std::vector<OpenSource>& problems_;
  const std::atomic<bool>* stop_;
  std::set<std::pair<dev_t, ino_t>> entered_;
  std::size_t found_ = 0;
  bool complained_ = false;
};

bool is_folder(const InputName& input, struct stat& about) {
  return !input.in_memory && input.path != "-" && !input.path.empty() &&
         ::stat(input.path.c_str(), &about) == 0 && S_ISDIR(about.st_mode);
}

}  // namespace

std::vector<InputName> expand_folders(const std::vector<InputName>& inputs,
                                      std::vector<OpenSource>& problems,
                                      const std::atomic<bool>* stop) {
  std::vector<InputName> files;
  for (const InputName& input : inputs) {
    struct stat about {};
    if (!is_folder(input, about)) {
      put_file(input, files, problems, stop);
      continue;
    }
    Walk walk(files, problems, stop);
    walk.enter(input.path, about, 0);
    if (walk.found() > 0 || walk.complained()) continue;
    put_problem(input.path,
                {ErrorCode::cut_short, fmt::format("the folder '{}' holds no files", input.path),
                 "name the folder of the logs (hidden files are left out), or the files"},
                problems);
  }
  return files;
}

}  // namespace regtriage
