// The pixels of a JPEG (jpeg_pixels.h). libjpeg reports errors by a jump, so that whatever has a destructor is made
// before the first call and outlives the last.
#include "core/image/jpeg_pixels.h"

#include <csetjmp>
#include <cstdio>
#include <string>
#include <vector>

// In this order: jpeglib.h needs <cstdio>, and jerror.h the former.
#include <jpeglib.h>

#include <jerror.h>

#include "core/image/jpeg_scan.h"

namespace ccx::image {
namespace {

struct Messages : jpeg_error_mgr {
  std::jmp_buf back;
  char fatal[JMSG_LENGTH_MAX] = {};
  bool is_out_of_memory = false;
  bool is_damaged = false;
  bool has_leftovers = false;
};

Messages& messages_of(j_common_ptr info) {
  return *static_cast<Messages*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
  Messages& messages = messages_of(info);
  messages.is_out_of_memory = messages.msg_code == JERR_OUT_OF_MEMORY;
  messages.format_message(info, messages.fatal);
  std::longjmp(messages.back, 1);
}

// Other warnings are of headers.
void listen(j_common_ptr info, int level) {
  if (level >= 0) return;
  Messages& messages = messages_of(info);
  switch (messages.msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_JPEG_EOF:
      messages.is_damaged = true;
      break;
    case JWRN_EXTRANEOUS_DATA:  // behind the last pixel: of damaged data, but some cameras write them too
      messages.has_leftovers = true;
      break;
    default:
      break;
  }
}

// From inverted CMYK, which is what Adobe writes.
void cmyk_to_rgb(const uint8_t* from, int width, uint8_t* to) {
  for (int x = 0; x < width; ++x, from += 4, to += 3) {
    const int black = from[3];
    for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>(black - ((255 - from[c]) * black >> 8));
  }
}

void copy_row(const std::vector<uint8_t>& row, int components, int width, uint8_t* to) {
  if (components == 4) {
    cmyk_to_rgb(row.data(), width, to);
    return;
  }
  for (int x = 0; x < width; ++x, to += 3) to[0] = to[1] = to[2] = row[static_cast<std::size_t>(x)];
}

// No object with a destructor may live in here. False: `messages.fatal` says what went wrong.
bool decode(jpeg_decompress_struct& info, Messages& messages, const Container& container, JpegPixels& out,
            std::vector<uint8_t>& row) {
  if (setjmp(messages.back) != 0) return false;
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, reinterpret_cast<const unsigned char*>(container.bytes.data()),
               static_cast<unsigned long>(container.bytes.size()));
  jpeg_read_header(&info, TRUE);
  out.components = info.num_components;
  info.out_color_space = out.components == 1 ? JCS_GRAYSCALE : out.components == 4 ? JCS_CMYK : JCS_RGB;
  jpeg_start_decompress(&info);
  while (info.output_scanline < info.output_height) {
    uint8_t* to = out.image.pixel(0, static_cast<int>(info.output_scanline));
    JSAMPROW line = out.components == 3 ? to : row.data();
    jpeg_read_scanlines(&info, &line, 1);
    if (out.components != 3) copy_row(row, out.components, static_cast<int>(info.output_width), to);
  }
  jpeg_finish_decompress(&info);
  return true;
}

}  // namespace

JpegPixels jpeg_pixels(const Container& container) {
  JpegPixels out;
  out.image = filled_image(container.width, container.height);
  std::vector<uint8_t> row(static_cast<std::size_t>(container.width) * 4);
  Messages messages;
  jpeg_std_error(&messages);
  messages.error_exit = leave;
  messages.emit_message = listen;
  jpeg_decompress_struct info = {};
  info.err = &messages;
  const bool is_whole = decode(info, messages, container, out, row);
  jpeg_destroy_decompress(&info);
  if (messages.is_out_of_memory) throw std::bad_alloc();
  if (!is_whole) {
    throw DecodeError(DecodeError::Reason::kCorrupt, "it cannot be decoded (" + std::string(messages.fatal) + ")");
  }
  if (messages.is_damaged || !is_possible_jpeg_data(container.bytes)) {
    throw DecodeError(DecodeError::Reason::kCorrupt, "its pixel data are damaged or end before the picture does");
  }
  if (messages.has_leftovers) out.doubt = "bytes that belong to no pixel follow its pixel data";
  return out;
}

}  // namespace ccx::image
