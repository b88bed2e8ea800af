// What another camera, day and light would have done to a picture: nothing of it is a change. Scenes are drawn with a
// look of their own at each date; this goes further, so that a network cannot learn what the drawing never varies.
#pragma once

#include "core/base/random.h"
#include "core/image/image.h"

namespace ccx::train {

// How strong the strongest of each may be, at strength 1; at strength s the logarithms, shares and lengths below are s
// times as large. Chances stay.
// - tone: gamma e^+-0.45, contrast e^+-0.35 about the picture's mean, exposure e^+-0.3, offset +-12 of 255, channel
//   gains e^+-0.1;
// - colour: saturation e^+-0.5, hue +-12 degrees, one picture in twelve all but grey;
// - air: haze up to a third of the way to a pale sky (one picture in three), light that falls off by up to 12 %;
// - optics: resampled through .45 to .95 of its size (one picture in three), or blurred by up to 1 pixel (two in five);
// - sensor: noise with a deviation of up to 7, partly the same in all channels (one picture in two);
// - file: JPEG of quality 30 to 95 (one picture in two).
// The same seed gives the same picture. About 1 ms for 256 x 256 pixels. Throws InputError for an inconsistent picture.
void jitter(image::Image& picture, double strength, Random& random);

// Bends a picture a little out of register: shifted by up to 3.5 pixels of 256, turned, scaled and sheared by up to 1
// %, and leaning in waves of up to 1 pixel; one picture in five stays as it is. What lies outside repeats the edge.
void misregister(image::Image& picture, double strength, Random& random);

}  // namespace ccx::train
