// Inner loops of the renderer. Each works on one row of one polygon or crown, plane by plane, so that compilers can
// vectorise it without changing a bit of the result.
#include "core/scenes/painter.h"

namespace ccx::scenes {

namespace {

void blend_row(float* plane, const float* cover, const float* shade, float colour, int n) {
  for (int i = 0; i < n; ++i) plane[i] += cover[i] * (colour * shade[i] - plane[i]);
}

void blend_between(float* plane, const float* cover, const float* light, float dark, float range, int n) {
  for (int i = 0; i < n; ++i) plane[i] += cover[i] * (dark + range * light[i] - plane[i]);
}

}  // namespace

Polygon convex_hull(Polygon points) {
  std::sort(points.begin(), points.end(), [](Vec2 a, Vec2 b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });
  Polygon hull;
  for (int pass = 0; pass < 2; ++pass) {
    const size_t start = hull.size();
    for (Vec2 p : points) {
      while (hull.size() >= start + 2 && cross(hull.back() - hull[hull.size() - 2], p - hull.back()) <= 0.0f)
        hull.pop_back();
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  return hull;
}

void Painter::pixels(std::span<const Vec2> outline, const Paint& paint) {
  float shade[NoiseTile::kSize];
  filler_.fill(outline, [&](int y, int x0, int n, float* cover) {
    for (int start = 0; start < n; start += NoiseTile::kSize) {
      const int count = std::min(NoiseTile::kSize, n - start);
      const int x = x0 + start;
      float* c = cover + start;
      const float* fine = noise().fine.row(x + look_.noise_x, y + look_.noise_y);
      const float* patch = noise().patch.row(x + look_.noise_y, y + look_.noise_x);
      if (paint.ragged > 0.0f) {
        for (int i = 0; i < count; ++i) {
          c[i] *=
              paint.opacity * clamp01(1.0f - paint.ragged * 0.5f + paint.ragged * (0.55f * patch[i] + 0.25f * fine[i]));
        }
      } else if (paint.opacity != 1.0f) {
        for (int i = 0; i < count; ++i) c[i] *= paint.opacity;
      }
      for (int i = 0; i < count; ++i) shade[i] = 1.0f + paint.fine * fine[i] + paint.patchy * patch[i];
      const size_t at = canvas.index(x, y);
      blend_row(&canvas.r[at], c, shade, paint.colour.r, count);
      blend_row(&canvas.g[at], c, shade, paint.colour.g, count);
      blend_row(&canvas.b[at], c, shade, paint.colour.b, count);
    }
  });
}

void Painter::polygon(const Polygon& outline, const Paint& paint) {
  scratch_.clear();
  for (Vec2 p : outline) scratch_.push_back(project(p));
  pixels(scratch_, paint);
}

void Painter::line(Vec2 from, Vec2 to, float width, const Paint& paint) {
  const Vec2 a = project(from), b = project(to);
  const Vec2 n = perpendicular(normalised(b - a)) * (0.5f * width);
  const Vec2 quad[4] = {a + n, b + n, b - n, a - n};
  pixels(quad, paint);
}

void Painter::stripes(const Polygon& outline, const Paint& paint, Colour other, float angle, float period,
                      float strength) {
  polygon(outline, paint);
  const Vec2 across = direction(angle) * (1.0f / (period * zoom_));
  scratch_.clear();
  for (Vec2 p : outline) scratch_.push_back(project(p));
  filler_.fill(scratch_, [&](int y, int x0, int n, float* cover) {
    const float* wobble = noise().patch.row(x0 + look_.noise_x, y);
    for (int i = 0; i < n; ++i) {
      float t = across.x * static_cast<float>(x0 + i) + across.y * static_cast<float>(y) + 0.10f * wobble[i & 255];
      t -= std::floor(t);
      cover[i] *= paint.opacity * strength * std::fabs(2.0f * t - 1.0f);
      const size_t at = canvas.index(x0 + i, y);
      canvas.r[at] += cover[i] * (other.r - canvas.r[at]);
      canvas.g[at] += cover[i] * (other.g - canvas.g[at]);
      canvas.b[at] += cover[i] * (other.b - canvas.b[at]);
    }
  });
}

void Painter::shadow_polygon(std::span<const Vec2> outline, float strength) {
  filler_.fill(outline, [&](int y, int x0, int n, const float* cover) {
    float* s = &canvas.shadow[canvas.index(x0, y)];
    for (int i = 0; i < n; ++i) s[i] = std::max(s[i], strength * cover[i]);
  });
}

void Painter::shadow_of(const Polygon& footprint, float height) {
  const Vec2 reach = look_.shadow * (height * zoom_);
  Polygon points;
  for (Vec2 p : footprint) {
    points.push_back(project(p));
    points.push_back(project(p) + reach);
  }
  shadow_polygon(convex_hull(std::move(points)), 1.0f);
}

void Painter::shadow_of_crown(const Crown& crown, Vec2 pixel, Vec2 offset, float strength) {
  const int left = static_cast<int>(std::floor(pixel.x + offset.x + 0.5f)) - crown.side / 2;
  const int top = static_cast<int>(std::floor(pixel.y + offset.y + 0.5f)) - crown.side / 2;
  const int x0 = std::max(0, left), x1 = std::min(canvas.size, left + crown.side);
  if (x0 >= x1) return;
  for (int y = std::max(0, top); y < std::min(canvas.size, top + crown.side); ++y) {
    const float* alpha = &crown.alpha[static_cast<size_t>(y - top) * crown.side + (x0 - left)];
    float* s = &canvas.shadow[canvas.index(x0, y)];
    for (int i = 0; i < x1 - x0; ++i) s[i] = std::max(s[i], strength * alpha[i]);
  }
}

void Painter::crown(const Crown& crown, Vec2 pixel, Colour dark, Colour lit, float relief, float texture,
                    float opacity) {
  const int left = static_cast<int>(std::floor(pixel.x + 0.5f)) - crown.side / 2;
  const int top = static_cast<int>(std::floor(pixel.y + 0.5f)) - crown.side / 2;
  const int x0 = std::max(0, left), x1 = std::min(canvas.size, left + crown.side), n = x1 - x0;
  if (n <= 0) return;
  const float light_x = look_.to_sun.x * relief, light_y = look_.to_sun.y * relief;
  float light[128], alpha[128];
  for (int y = std::max(0, top); y < std::min(canvas.size, top + crown.side); ++y) {
    const size_t from = static_cast<size_t>(y - top) * crown.side + static_cast<size_t>(x0 - left);
    const float* a = &crown.alpha[from];
    const float* t = &crown.texture[from];
    const float* sx = &crown.slope_x[from];
    const float* sy = &crown.slope_y[from];
    for (int i = 0; i < n; ++i) {
      light[i] = std::max(0.0f, std::min(1.5f, 0.38f + texture * t[i] + light_x * sx[i] + light_y * sy[i]));
      alpha[i] = opacity * a[i];
    }
    const size_t at = canvas.index(x0, y);
    blend_between(&canvas.r[at], alpha, light, dark.r, lit.r - dark.r, n);
    blend_between(&canvas.g[at], alpha, light, dark.g, lit.g - dark.g, n);
    blend_between(&canvas.b[at], alpha, light, dark.b, lit.b - dark.b, n);
  }
}

void Painter::cast_shadows() {
  const Colour shade = look_.palette.shade;
  const float depth = look_.shadow_depth;
  for (size_t i = 0; i < canvas.area(); ++i) {
    const float s = depth * canvas.shadow[i];
    // Light that is left comes from the sky: a share of the ground's own colour and a little of the shade's.
    canvas.r[i] += s * (0.5f * shade.r + 0.06f * canvas.r[i] - canvas.r[i]);
    canvas.g[i] += s * (0.5f * shade.g + 0.06f * canvas.g[i] - canvas.g[i]);
    canvas.b[i] += s * (0.5f * shade.b + 0.06f * canvas.b[i] - canvas.b[i]);
  }
  std::fill(canvas.shadow.begin(), canvas.shadow.end(), 0.0f);
}

}  // namespace ccx::scenes
