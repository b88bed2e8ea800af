#include "core/onnx/data_files.h"

#include <stdexcept>

#include "core/base/error.h"
#include "core/io/write_error.h"

namespace ccx::onnx {
namespace {

// Enough for any vector load, and for typed arrays over the file's bytes in JavaScript.
constexpr int64_t kAlignment = 64;

// The export has made its folder by now: what fails here failed on the way.
io::AtomicFile begun(const std::filesystem::path& path) {
  try {
    return io::AtomicFile(path);
  } catch (const InputError& error) {
    throw io::WriteError(error.what());
  }
}

}  // namespace

HashedFile::HashedFile(const std::filesystem::path& directory, std::string name)
    : name_(std::move(name)), file_(begun(directory / name_)) {}

void HashedFile::write(std::string_view bytes) {
  file_.write(bytes);
  hash_.update(bytes);
  size_ += static_cast<int64_t>(bytes.size());
}

WrittenFile HashedFile::finish() {
  file_.commit(io::Durability::kContent);
  return {name_, size_, hash_.hex()};
}

WrittenFile write_hashed(const std::filesystem::path& directory, const std::string& name, std::string_view content) {
  HashedFile file(directory, name);
  file.write(content);
  return file.finish();
}

DataFiles::DataFiles(std::filesystem::path directory, std::string prefix, int64_t limit)
    : directory_(std::move(directory)), prefix_(std::move(prefix)), limit_(limit) {}

ExternalLocation DataFiles::add(int64_t bytes, const std::function<void(const Sink&)>& fill) {
  const auto aligned = [](int64_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; };
  if (current_ && aligned(current_->size()) + bytes > limit_) {
    finished_.push_back(current_->finish());
    current_.reset();
  }
  if (!current_) {
    const std::string name = prefix_ + "." + std::to_string(finished_.size()) + ".bin";
    current_ = std::make_unique<HashedFile>(directory_, name);
  }
  current_->write(std::string(static_cast<size_t>(aligned(current_->size()) - current_->size()), '\0'));
  const ExternalLocation location{current_->name(), current_->size(), bytes};
  fill([&](std::string_view piece) { current_->write(piece); });
  if (current_->size() != location.offset + bytes) throw std::logic_error("a tensor's bytes differ from its size");
  return location;
}

ExternalLocation DataFiles::add(std::string_view bytes) {
  return add(static_cast<int64_t>(bytes.size()), [&](const Sink& sink) { sink(bytes); });
}

std::vector<WrittenFile> DataFiles::finish() {
  if (current_) finished_.push_back(current_->finish());
  current_.reset();
  return finished_;
}

}  // namespace ccx::onnx
