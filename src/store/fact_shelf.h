// The shelf of one call: a file without a name in the folder for temporary files, of the chunks
// that databases are made of (pack.h).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/shelf.h"
#include "store/pack.h"

namespace regtriage {

// Mode 0600, and gone from the folder as soon as it is made, so nothing is left behind whatever
// ends the program. It holds what facts hold: no secrets (base/redact.h). Made when it is first
// needed. Errors say folder, why and what to do.
class FactShelf : public Shelf {
 public:
  explicit FactShelf(std::string folder) : folder_(std::move(folder)) {}
  ~FactShelf() override;

  Result<void> put(std::size_t part, const Facts& facts) override;
  Result<Facts> part(std::size_t part) const override;
  std::uint64_t events() const override { return events_; }
  // Why the last put failed; null: none did.
  const Error* put_trouble() const { return put_trouble_ ? &*put_trouble_ : nullptr; }

 private:
  struct Chunk {
    PackKind kind{};
    bool begins_run = false;
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  Result<void> open();
  Result<void> write(const Facts& facts, std::vector<Chunk>& chunks, std::uint64_t& end);
  Error trouble(std::string_view what, int number, std::string hint) const;

  std::string folder_;
  int file_ = -1;
  std::uint64_t end_ = 0;  // of the file
  std::uint64_t events_ = 0;
  std::optional<Error> put_trouble_;
  SourceRows sources_;  // SourceId n is row n + 1
  std::array<std::vector<Chunk>, kParts> chunks_;
};

}  // namespace regtriage
