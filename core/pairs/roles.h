// Which names say "before" and which "after".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ccx::pairs {

enum class Side { kBefore, kAfter };

struct Role {
  int family = 0;  // names of one family belong together: A with B, pre with post
  Side side = Side::kBefore;
};

// The role of a whole name, whatever its case: A/B, before/after, pre/post, pre_disaster/post_disaster, T1/T2, im1/im2,
// img1/img2, time1/time2, old/new.
std::optional<Role> role_of_name(std::string_view name);

// True for names that mean nothing but before or after (not A/B or numbers, which also count things).
bool is_plain_word(const Role& role);

// A name that ends in '_', '-' or '.' and a role: "x_before" is the base "x" and a role.
struct SuffixedName {
  std::string base;  // never empty
  Role role;
};
std::optional<SuffixedName> split_suffix(std::string_view stem);

// Order of names in which runs of digits count as numbers: 2 before 10.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace ccx::pairs
