// What libjpeg lets pass in the data of a JPEG: codes that lead out of a block and brightness that no picture has.
#pragma once

#include <string_view>

namespace ccx::image {

// Whether the entropy-coded data of a JPEG can be those of a picture. They have no checksum: after a changed bit most
// decoders find their way back into the codes, with wrong blocks behind them, and say nothing. What a picture never has
// shows: a run of coefficients beyond the 64th, a code that is in no table, a mean brightness of a block far beyond
// black or white, data that end before the last block.
//
// `file`: whole, its markers in order, as open_jpeg() returns it. Progressive and arithmetic-coded pictures are not
// looked at and count as possible.
bool is_possible_jpeg_data(std::string_view file);

}  // namespace ccx::image
