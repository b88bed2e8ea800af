// Lists with a row for each image: its place in one column, its date or role in another.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/pairs/folder/by_names.h"
#include "core/pairs/lists/list.h"

namespace ccx::pairs {

// Puts the images of a place together where every record names one image, when it was taken (ListedPair::time) and, by
// ListedPair::group, an id that several share or what their names have in common, of which place; other lists stay as
// they are. Captions of either row are the pair's, one that both have once. Returns what a person should know; nothing
// where the list is none of this kind. With a series a place may have more than two images, and the two times stand
// behind the id: "rome/2018-2021". Throws InputError, naming the place, where one has three images or more and `series`
// is kRefuse, or two whose times do not say which is first.
std::vector<std::string> pair_image_rows(List& list, Series series);

// What is left of a picture's name without its folders, its dates and one role: "x" of "x_2018.png", "B/x.png" and
// "x_post.png".
std::string name_of_place(const std::string& picture);

}  // namespace ccx::pairs
