// The names of what is under construction: hidden siblings of what it will become, ".NAME.part-k3j9x0q2m5tz".
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ccx::io {

enum class Stage {
  kPart,  // ".NAME.part-...": being written
  kOld    // ".NAME.old-...": being replaced
};

// A new name beside `target`, in its folder. Random, since a process id alone repeats in every container that shares a
// volume; who creates it must still refuse one that is there (O_EXCL, mkdir).
std::filesystem::path temporary_name(const std::filesystem::path& target, Stage stage);

// Twelve random letters and digits.
std::string random_word();

// What stands in `folder` under such names, of `target` alone (a file name) or of anything if that is empty.
std::vector<std::filesystem::path> temporaries_in(const std::filesystem::path& folder, const std::string& target,
                                                  Stage stage);

// Removes the unfinished files that killed processes left in `folder`; those of living ones are locked and stay.
void remove_abandoned_files(const std::filesystem::path& folder);

}  // namespace ccx::io
