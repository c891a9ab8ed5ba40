// Runs one command and writes what it cost:  run_once FIGURES PROGRAM [ARGUMENT]...
//
// FIGURES gets one line: seconds, CPU seconds and peak KiB (of the program and of all that it
// waited for), and the exit status, 128 + the signal if one ended it. The status of run_once itself
// is 0 if the program ran at all.
//
// A program of its own because Linux lets a process inherit the peak of the one that started it
// (fs/exec.c keeps the old mm's high-water mark): a driver in Python would be measured, too.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

// The child's status if the program cannot be started, as in a shell.
constexpr int kNoProgram = 127;

}  // namespace

int main(int count, char** words) {
  if (count < 3) {
    std::fputs("usage: run_once FIGURES PROGRAM [ARGUMENT]...\n", stderr);
    return 2;
  }
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    execvp(words[2], words + 2);
    std::perror(words[2]);
    _exit(kNoProgram);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) {
    std::perror("run_once");
    return 1;
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
  std::FILE* figures = std::fopen(words[1], "w");
  if (figures == nullptr) {
    std::perror(words[1]);
    return 1;
  }
  std::fprintf(figures, "%.6f %.6f %ld %d\n", elapsed.count(),
               seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime), usage.ru_maxrss,
               WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return std::fclose(figures) == 0 ? 0 : 1;
}
