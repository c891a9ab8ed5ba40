// Blocks of whole lines.
#include "ingest/block_reader.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace regtriage;

namespace {

// Gives its text in pieces of odd sizes, and an error at the end if asked.
class Pieces : public ByteStream {
 public:
  Pieces(std::string text, bool breaks) : text_(std::move(text)), breaks_(breaks) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t got = std::min({size, text_.size() - at_, 1 + random_() % 97});
    if (got == 0 && breaks_) return fail(ErrorCode::cut_short, "broke off");
    text_.copy(buffer, got, at_);
    at_ += got;
    return got;
  }
  std::uint64_t raw_bytes_read() const override { return at_; }

 private:
  std::string text_;
  bool breaks_;
  std::size_t at_ = 0;
  std::mt19937 random_{3};
};

BlockReader reader_of(const std::string& text, std::size_t block, std::size_t line,
                      bool breaks = false) {
  return {std::make_unique<Pieces>(text, breaks), BlockReader::Limits{block, line}};
}

}  // namespace

TEST_CASE("blocks hold whole lines, one behind the other") {
  std::string text;
  for (int i = 0; i < 500; ++i) text += std::string(static_cast<std::size_t>(i % 150), 'x') + "\n";
  text += "no line end";
  for (const std::size_t size : {64UL, 200UL, 100'000UL}) {
    BlockReader reader = reader_of(text, size, 1000);
    REQUIRE(text.starts_with(reader.head(777)));
    Block block;
    std::string joined;
    std::uint32_t line = 1;
    for (std::uint64_t number = 0; reader.next(block); ++number) {
      REQUIRE(block.number == number);
      REQUIRE(block.offset == joined.size());
      REQUIRE(block.line == line);
      joined += block.text();
      line += block.lines;
      REQUIRE((block.text().ends_with('\n') || joined.size() == text.size()));
      REQUIRE_FALSE(block.cut);
    }
    REQUIRE(joined == text);
    REQUIRE(line == 502);
    REQUIRE(reader.error().what.empty());
  }
}

TEST_CASE("of a line over the limit its head is kept, and memory stays flat") {
  const std::string text = "a\n" + std::string(1'000'000, 'x') + "\nb\n";
  BlockReader reader = reader_of(text, 64, 100);
  Block block;
  REQUIRE(reader.next(block));
  REQUIRE(block.text() == "a\n");
  REQUIRE(reader.next(block));
  REQUIRE(block.text() == std::string(100, 'x'));
  REQUIRE(block.skipped == 999'901);
  REQUIRE(block.lines == 1);
  REQUIRE(reader.next(block));
  REQUIRE(block.text() == "b\n");
  REQUIRE(block.line == 3);
  REQUIRE(block.offset == text.size() - 2);
  REQUIRE_FALSE(reader.next(block));
}

TEST_CASE("a source that breaks off inside a line marks that line") {
  BlockReader reader = reader_of("a\nhalf a li", 64, 100, true);
  Block block;
  REQUIRE(reader.next(block));
  REQUIRE(block.text() == "a\n");
  REQUIRE_FALSE(block.cut);
  REQUIRE(reader.next(block));
  REQUIRE(block.text() == "half a li");
  REQUIRE(block.cut);
  REQUIRE_FALSE(reader.next(block));
  REQUIRE(reader.error().what == "broke off");
}
