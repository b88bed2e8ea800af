// A regular file mapped into memory, to be read.
#pragma once

#include <cstddef>
#include <filesystem>

namespace ccx::io {

// The bytes stay where they are as long as the object lives, also when it is moved.
class MappedFile {
 public:
  MappedFile() = default;
  // Throws InputError naming the file when it cannot be opened or mapped, or is no regular file.
  explicit MappedFile(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  const std::byte* data() const { return data_; }  // null of an empty file
  std::size_t size() const { return size_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ccx::io
