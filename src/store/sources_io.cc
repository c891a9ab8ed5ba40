// Reports of sources. A source is its name and its first time; of two reports of one source the one
// of more bytes stays, so order and repetition do not matter.
#include <algorithm>
#include <tuple>

#include "store/parts.h"

namespace regtriage {
namespace {

constexpr std::array<std::string_view, 4> kStatusWords = {"read", "unreadable", "cut_short",
                                                          "not_understood"};

std::string_view word_of_status(SourceReport::Status status) {
  const auto at = static_cast<std::size_t>(status);
  return at < kStatusWords.size() ? kStatusWords[at] : kStatusWords[0];
}

SourceReport::Status status_of_word(std::string_view word) {
  for (std::size_t i = 0; i < kStatusWords.size(); ++i)
    if (kStatusWords[i] == word) return static_cast<SourceReport::Status>(i);
  return SourceReport::Status::read;
}

std::int64_t number(std::uint64_t value) {
  return static_cast<std::int64_t>(std::min<std::uint64_t>(value, INT64_MAX));
}

std::uint64_t count_of(std::int64_t value) {
  return value < 0 ? 0 : static_cast<std::uint64_t>(value);
}

// What decides between two reports of one source, and is kept.
using Figures = std::array<std::int64_t, 10>;
Figures figures_of(const SourceReport& r) {
  return {number(r.bytes),
          number(r.lines),
          number(r.accepted),
          number(r.ignored),
          number(r.rejected),
          number(r.pending),
          r.last,
          r.year,
          r.zone_assumed,
          static_cast<std::int64_t>(r.status)};
}

class SourceWriter {
 public:
  SourceWriter(Database& database, NameWriter& names)
      : database_(database),
        names_(names),
        find_(database.prepare(
            "SELECT n, bytes, lines, accepted, ignored, rejected, pending, last, "
            "year, zone_assumed, status FROM source WHERE name = ? AND first = ?")),
        find_fuller_(database.prepare(
            "SELECT n FROM source WHERE name = ? AND bytes > 0 ORDER BY first LIMIT 1")),
        drop_empty_(database.prepare("DELETE FROM source WHERE name = ? AND bytes = 0")),
        insert_(database.prepare("INSERT INTO source (n, name, first, bytes, lines, accepted, "
                                 "ignored, rejected, pending, "
                                 "last, year, zone_assumed, status, error, level) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")),
        insert_word_(
            database.prepare("INSERT OR IGNORE INTO source_word (source, kind, word, lines) "
                             "VALUES (?, ?, ?, ?)")),
        insert_gap_(database.prepare(
            "INSERT OR IGNORE INTO source_gap (source, first, last) VALUES (?, ?, ?)")),
        insert_sample_(
            database.prepare("INSERT OR IGNORE INTO reject_sample "
                             "(source, offset, line, reason, head) VALUES (?, ?, ?, ?, ?)")) {}

  // The row of the report, added or replaced if need be.
  Result<std::int64_t> put(const SourceReport& report) {
    const Result<std::int64_t> name = names_.number_of(report.name);
    if (!name) return name;
    if (report.bytes == 0) {  // tells nothing that another report of this name does not
      const Result<std::int64_t> fuller = first_of(find_fuller_.bind(1, *name));
      if (!fuller || *fuller != kNull) return fuller;
    } else if (Result<void> done = drop_empty_.bind(1, *name).run(); !done) {
      return tl::unexpected(done.error());
    }
    const Result<bool> found = find_.bind(1, *name).bind_number(2, report.first).step();
    if (!found) return tl::unexpected(found.error());
    std::int64_t row = kNull;
    bool better = true;
    if (*found) {
      row = find_.integer(0);
      Figures kept;
      for (std::size_t i = 0; i + 1 < kept.size(); ++i)
        kept[i] = find_.integer(static_cast<int>(i) + 1);
      kept.back() = static_cast<std::int64_t>(status_of_word(find_.text(10)));
      better = kept < figures_of(report);
    }
    find_.reset();
    if (!better) return row;
    if (row != kNull)
      if (Result<void> done = drop_source(database_, row); !done)
        return tl::unexpected(done.error());
    return insert(report, *name, row);
  }

 private:
  static Result<std::int64_t> first_of(Statement& statement) {
    const Result<bool> found = statement.step();
    if (!found) return tl::unexpected(found.error());
    const std::int64_t value = *found ? statement.integer(0) : kNull;
    statement.reset();
    return value;
  }

  Result<std::int64_t> insert(const SourceReport& report, std::int64_t name, std::int64_t row) {
    const Figures figures = figures_of(report);
    const std::string error = clean(report.error);
    insert_.bind(1, row).bind(2, name).bind_number(3, report.first);
    for (std::size_t i = 0; i + 1 < figures.size(); ++i)
      insert_.bind(static_cast<int>(i) + 4, figures[i]);
    insert_.bind(13, word_of_status(report.status)).bind(14, error);
    insert_.bind(15, word_of(report.lowest_level));
    if (Result<void> done = insert_.run(); !done) return tl::unexpected(done.error());
    if (row == kNull) row = database_.last_row();
    if (Result<void> done = insert_lists(report, row); !done) return tl::unexpected(done.error());
    return row;
  }

  Result<void> insert_word(std::int64_t row, std::string_view kind, std::string_view word,
                           std::uint64_t lines) {
    const std::string text = clean(word);
    return insert_word_.bind(1, row).bind(2, kind).bind(3, text).bind(4, number(lines)).run();
  }

  Result<void> insert_lists(const SourceReport& report, std::int64_t row) {
    Result<void> done;
    for (std::size_t i = 0; i < report.lines_by_format.size() && done; ++i)
      if (report.lines_by_format[i] > 0)
        done =
            insert_word(row, "format", word_of(static_cast<Format>(i)), report.lines_by_format[i]);
    for (std::size_t i = 0; i < report.rejects.size() && done; ++i)
      if (report.rejects[i] > 0)
        done = insert_word(row, "reject", word_of(static_cast<Reject>(i)), report.rejects[i]);
    for (const std::string& word : report.envelopes)
      if (done) done = insert_word(row, "envelope", word, 0);
    for (const std::string& word : report.instances)
      if (done) done = insert_word(row, "instance", word, 0);
    for (const Gap& gap : report.gaps)
      if (done) done = insert_gap_.bind(1, row).bind(2, gap.first).bind(3, gap.last).run();
    for (const RejectSample& sample : report.reject_samples) {
      if (!done) return done;
      const std::string head = clean(sample.head);
      insert_sample_.bind(1, row).bind(2, number(sample.at.offset)).bind(3, sample.at.line);
      done = insert_sample_.bind(4, word_of(sample.reason)).bind(5, head).run();
    }
    return done;
  }

  Database& database_;
  NameWriter& names_;
  Statement find_, find_fuller_, drop_empty_, insert_, insert_word_, insert_gap_, insert_sample_;
};

struct Key {
  std::string name;
  std::int64_t first, row;
  auto operator<=>(const Key&) const = default;
};

// All sources in their order.
Result<std::vector<Key>> keys_of(Database& database) {
  Statement rows = database.prepare(
      "SELECT s.n, s.first, x.text, x.raw FROM source s JOIN name x ON x.id = s.name");
  std::vector<Key> keys;
  for (;;) {
    const Result<bool> row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    keys.push_back({std::string(rows.text(3).empty() ? rows.text(2) : rows.text(3)),
                    rows.integer(1), rows.integer(0)});
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

void rank(const std::vector<Key>& keys, SourceRows& rows) {
  for (std::size_t i = 0; i < keys.size(); ++i)
    rows.ranks.emplace_back(keys[i].row, static_cast<std::int64_t>(i));
  std::sort(rows.ranks.begin(), rows.ranks.end());
}

Result<void> load_lists(Database& database, SourceReport& report, std::int64_t row, SourceId id) {
  Statement words =
      database.prepare("SELECT kind, word, lines FROM source_word WHERE source = ? ORDER BY word");
  words.bind(1, row);
  for (;;) {
    const Result<bool> next = words.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    const std::string_view kind = words.text(0), word = words.text(1);
    const std::uint64_t lines = count_of(words.integer(2));
    if (kind == "envelope") report.envelopes.emplace_back(word);
    if (kind == "instance") report.instances.emplace_back(word);
    for (std::size_t i = 0; kind == "format" && i < report.lines_by_format.size(); ++i)
      if (word_of(static_cast<Format>(i)) == word) report.lines_by_format[i] = lines;
    for (std::size_t i = 0; kind == "reject" && i < report.rejects.size(); ++i)
      if (word_of(static_cast<Reject>(i)) == word) report.rejects[i] = lines;
  }
  Statement gaps =
      database.prepare("SELECT first, last FROM source_gap WHERE source = ? ORDER BY first");
  gaps.bind(1, row);
  for (;;) {
    const Result<bool> next = gaps.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    report.gaps.push_back({gaps.integer(0), gaps.integer(1)});
  }
  Statement samples = database.prepare(
      "SELECT offset, line, reason, head FROM reject_sample WHERE source = ? ORDER BY offset, "
      "line");
  samples.bind(1, row);
  for (;;) {
    const Result<bool> next = samples.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    RejectSample sample;
    sample.at = {count_of(samples.integer(0)), static_cast<std::uint32_t>(samples.integer(1)), id};
    sample.head = samples.text(3);
    for (std::size_t i = 0; i < report.rejects.size(); ++i)
      if (word_of(static_cast<Reject>(i)) == samples.text(2))
        sample.reason = static_cast<Reject>(i);
    report.reject_samples.push_back(std::move(sample));
  }
  return {};
}

}  // namespace

Result<SourceRows> put_sources(Database& database, const std::vector<SourceReport>& reports,
                               NameWriter& names) {
  SourceRows rows;
  SourceWriter writer(database, names);
  for (const SourceReport& report : reports) {
    const Result<std::int64_t> row = writer.put(report);
    if (!row) return tl::unexpected(row.error());
    rows.by_id.push_back(*row);
  }
  const Result<std::vector<Key>> keys = keys_of(database);
  if (!keys) return tl::unexpected(keys.error());
  rank(*keys, rows);
  return rows;
}

Result<void> drop_source(Database& database, std::int64_t row) {
  Result<void> done;
  for (const std::string_view sql :
       {"DELETE FROM source WHERE n = ?", "DELETE FROM source_word WHERE source = ?",
        "DELETE FROM source_gap WHERE source = ?", "DELETE FROM reject_sample WHERE source = ?"})
    if (done) done = database.prepare(sql).bind(1, row).run();
  return done;
}

Result<void> put_clock_offsets(Database& database, const std::vector<SourceReport>& reports,
                               const SourceRows& rows) {
  Statement set = database.prepare("UPDATE source SET clock_offset_ms = ? WHERE n = ?");
  Result<void> done = database.execute("UPDATE source SET clock_offset_ms = NULL");
  for (std::size_t i = 0; i < reports.size() && done; ++i)
    if (reports[i].clock_offset_ms)
      done = set.bind(1, *reports[i].clock_offset_ms).bind(2, rows.by_id[i]).run();
  return done;
}

Result<std::vector<SourceReport>> load_sources(Database& database, SourceRows& rows) {
  const Result<std::vector<Key>> keys = keys_of(database);
  if (!keys) return tl::unexpected(keys.error());
  rank(*keys, rows);
  Statement find = database.prepare(
      "SELECT bytes, lines, accepted, ignored, rejected, pending, last, year, zone_assumed, "
      "status, "
      "error, level FROM source WHERE n = ?");
  std::vector<SourceReport> reports;
  for (const Key& key : *keys) {
    const Result<bool> found = find.bind(1, key.row).step();
    if (!found) return tl::unexpected(found.error());
    SourceReport r;
    r.name = key.name;
    r.first = key.first;
    r.bytes = count_of(find.integer(0));
    r.lines = count_of(find.integer(1));
    r.accepted = count_of(find.integer(2));
    r.ignored = count_of(find.integer(3));
    r.rejected = count_of(find.integer(4));
    r.pending = count_of(find.integer(5));
    r.last = find.integer(6);
    r.year = static_cast<int>(std::clamp<std::int64_t>(find.integer(7), 0, 9999));
    r.zone_assumed = find.integer(8) == 1;
    r.status = status_of_word(find.text(9));
    r.error = find.text(10);
    r.lowest_level = try_level(find.text(11)).value_or(Level::none);
    find.reset();
    const auto id = static_cast<SourceId>(reports.size());
    if (Result<void> lists = load_lists(database, r, key.row, id); !lists)
      return tl::unexpected(lists.error());
    rows.by_id.push_back(key.row);
    reports.push_back(std::move(r));
  }
  return reports;
}

}  // namespace regtriage
