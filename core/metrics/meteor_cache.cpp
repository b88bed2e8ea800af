#include "core/metrics/meteor_cache.h"

#include <cstring>

#include "core/base/error.h"
#include "core/metrics/checksum.h"

namespace ccx::metrics {
namespace {

constexpr char kMagic[8] = {'C', 'C', 'X', 'M', 'E', 'T', 'E', 'O'};
constexpr std::uint64_t kVersion = 3;  // raise when a section changes its meaning

struct Header {
  char magic[8];
  std::uint64_t version;
  std::uint64_t fingerprint;
  std::uint64_t payload_bytes;
  std::uint64_t checksum;                      // of the header with 0 in this place, then of the payload
  std::uint64_t section_begin[kSectionCount];  // from the start of the payload
  std::uint64_t section_bytes[kSectionCount];
};
static_assert(sizeof(Header) % 8 == 0);

std::uint64_t image_checksum(Header header, std::string_view payload) {
  header.checksum = 0;
  return checksum(payload, checksum({reinterpret_cast<const char*>(&header), sizeof header}));
}

// Offsets that divide `total` items into consecutive ranges: start at 0, never fall, end at the total.
bool divides(std::span<const std::uint32_t> offsets, std::size_t total) {
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != total) return false;
  for (std::size_t i = 1; i < offsets.size(); ++i) {
    if (offsets[i] < offsets[i - 1]) return false;
  }
  return true;
}

}  // namespace

io::FileKind MeteorCache::file() {
  return {"cache of METEOR's tables",
          [](std::string_view start) { return start.starts_with(std::string_view(kMagic, sizeof kMagic)); }};
}

std::string MeteorCache::serialise(const MeteorTables& tables, std::uint64_t fingerprint) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.fingerprint = fingerprint;
  std::string payload;
  for (int s = 0; s < kSectionCount; ++s) {
    header.section_begin[s] = payload.size();
    header.section_bytes[s] = tables.sections[s].size();
    payload += tables.sections[s];
    payload.resize((payload.size() + 7) / 8 * 8, '\0');
  }
  header.payload_bytes = payload.size();
  header.checksum = image_checksum(header, payload);
  std::string image(reinterpret_cast<const char*>(&header), sizeof header);
  return image += payload;
}

std::shared_ptr<const MeteorCache> MeteorCache::map(const std::filesystem::path& path, std::uint64_t fingerprint) {
  std::shared_ptr<MeteorCache> cache(new MeteorCache);
  try {
    cache->file_ = io::MappedFile(path);
  } catch (const InputError&) {
    return nullptr;
  }
  cache->image_ = {reinterpret_cast<const char*>(cache->file_.data()), cache->file_.size()};
  return cache->check(fingerprint) ? cache : nullptr;
}

std::shared_ptr<const MeteorCache> MeteorCache::adopt(std::string image, std::uint64_t fingerprint) {
  std::shared_ptr<MeteorCache> cache(new MeteorCache);
  cache->owned_ = std::move(image);
  cache->image_ = cache->owned_;
  if (!cache->check(fingerprint)) throw InputError("METEOR's data does not form valid tables; fetch it again");
  return cache;
}

bool MeteorCache::check(std::uint64_t fingerprint) {
  Header header;
  if (image_.size() < sizeof header) return false;
  std::memcpy(&header, image_.data(), sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0 || header.version != kVersion ||
      header.fingerprint != fingerprint || header.payload_bytes != image_.size() - sizeof header) {
    return false;
  }
  const std::string_view payload = image_.substr(sizeof header);
  for (int s = 0; s < kSectionCount; ++s) {
    const std::uint64_t begin = header.section_begin[s];
    if (begin % 8 != 0 || begin > payload.size() || header.section_bytes[s] > payload.size() - begin) return false;
    sections_[s] = payload.substr(begin, header.section_bytes[s]);
  }
  if (image_checksum(header, payload) != header.checksum) return false;

  for (const Section offsets : {kSynonymOffsets, kExceptionOffsets, kPhraseOffsets}) {
    if (!divides(numbers(offsets), sections_[offsets + 1].size())) return false;
  }
  for (const Section begin : {kSynonymSetBegin, kExceptionSetBegin, kParaphraseBegin}) {
    if (!divides(numbers(begin), numbers(static_cast<Section>(begin + 1)).size())) return false;
  }
  const std::size_t nodes = numbers(kTrieWord).size();
  const auto children = numbers(kTrieChildBegin);
  if (children.size() != nodes + 1) return false;
  for (std::size_t i = 0; i < nodes; ++i) {
    if (children[i] > children[i + 1]) return false;
  }
  return children.back() == nodes && numbers(kSynonymSetBegin).size() == numbers(kSynonymOffsets).size() &&
         numbers(kExceptionSetBegin).size() == numbers(kExceptionOffsets).size() &&
         numbers(kParaphraseBegin).size() == numbers(kParaphraseNodes).size() + 1;
}

std::string_view MeteorCache::text(Section section) const {
  return sections_[section];
}

std::span<const std::uint32_t> MeteorCache::numbers(Section section) const {
  const std::string_view bytes = sections_[section];
  return {reinterpret_cast<const std::uint32_t*>(bytes.data()), bytes.size() / sizeof(std::uint32_t)};
}

std::int64_t MeteorCache::find_word(Section offsets, std::string_view word) const {
  const auto begin = numbers(offsets);
  const std::string_view blob = sections_[offsets + 1];
  std::size_t low = 0;
  std::size_t high = begin.size() - 1;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const std::string_view candidate = blob.substr(begin[middle], begin[middle + 1] - begin[middle]);
    if (candidate == word) return static_cast<std::int64_t>(middle);
    if (candidate < word) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return -1;
}

}  // namespace ccx::metrics
