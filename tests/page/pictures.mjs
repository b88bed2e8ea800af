// Small picture files of kinds that nothing else here writes.

// The JPEG with an Exif orientation tag (6: to be turned by a quarter when shown).
export function orientedJpeg(jpeg, orientation) {
  const exif = Buffer.from([
    0x45, 0x78, 0x69, 0x66, 0, 0, // "Exif"
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian TIFF, its directory at 8
    0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0, // one entry: Orientation, SHORT
  ]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
}

// An uncompressed little-endian TIFF of one strip; values are interleaved. format: 1 unsigned, 2 signed, 3 floating point. ground:
// {left, top, pixel, system}, its corner and pixel in the units of a projected system of EPSG; without a system the file names none,
// with `degrees` WGS 84. at: the pixel [column, row] that lies there.
// extra: what the samples beyond the colours are; metadata: the text of GDAL's tag; colours: a palette, all reds first, 16 bits each;
// mask: bits in rows of whole bytes, 0 where there is no data.
export function tiff({width, height, bands, bits, values, photometric = 2, nodata = null, orientation = 1, format = 1, ground = null, extra: kinds = null, metadata = null, colours = null, mask = null}) {
  const data = Buffer.concat([Buffer.from(values.buffer, values.byteOffset, values.byteLength), mask ?? Buffer.alloc(0)]);
  const length = values.byteLength;
  const text = nodata === null ? null : Buffer.from(`${nodata}\0`, 'latin1');
  let entries = [];
  const extra = []; // values that do not fit into their entry
  let at = 8 + data.length;
  const put = (tag, type, list) => {
    const size = {2: 1, 3: 2, 4: 4, 12: 8}[type];
    const bytes = Buffer.alloc(Math.max(4, size * list.length));
    list.forEach((value, i) => (type === 3 ? bytes.writeUInt16LE(value, 2 * i) : type === 4 ? bytes.writeUInt32LE(value, 4 * i) : type === 12 ? bytes.writeDoubleLE(value, 8 * i) : bytes.writeUInt8(value, i)));
    const entry = Buffer.alloc(12);
    entry.writeUInt16LE(tag, 0);
    entry.writeUInt16LE(type, 2);
    entry.writeUInt32LE(list.length, 4);
    if (size * list.length > 4) {
      entry.writeUInt32LE(at, 8);
      extra.push(bytes);
      at += bytes.length;
    } else {
      bytes.copy(entry, 8, 0, 4);
    }
    entries.push(entry);
  };
  put(256, 4, [width]);
  put(257, 4, [height]);
  put(258, 3, Array(bands).fill(bits));
  put(259, 3, [1]);
  put(262, 3, [photometric]);
  put(273, 4, [8]);
  put(274, 3, [orientation]);
  put(277, 3, [bands]);
  put(278, 4, [height]);
  put(279, 4, [length]);
  if (colours) put(320, 3, colours);
  if (bands > (photometric === 2 ? 3 : 1)) put(338, 3, kinds ?? Array(bands - (photometric === 2 ? 3 : 1)).fill(0));
  if (format !== 1) put(339, 3, Array(bands).fill(format));
  if (ground) {
    put(33550, 12, [ground.pixel, ground.pixel, 0]);
    put(33922, 12, [...(ground.at ?? [0, 0]), 0, ground.left, ground.top, 0]);
    if (ground.degrees) put(34735, 3, [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326]);
    if (ground.system) put(34735, 3, [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, ground.system]);
  }
  if (metadata !== null) put(42112, 2, [...Buffer.from(`${metadata}\0`)]);
  if (text) put(42113, 2, [...text]);
  const head = Buffer.alloc(8);
  head.write('II*\0', 'latin1');
  const directory = (next) => {
    const count = Buffer.alloc(2);
    count.writeUInt16LE(entries.length);
    const link = Buffer.alloc(4);
    link.writeUInt32LE(next);
    return Buffer.concat([count, ...entries, link]);
  };
  const first = entries;
  const second = [];
  if (mask) {
    entries = [];
    for (const [tag, type, value] of [[254, 4, 4], [256, 4, width], [257, 4, height], [258, 3, 1], [259, 3, 1], [262, 3, 4], [273, 4, 8 + length], [277, 3, 1], [278, 4, height], [279, 4, mask.length]]) put(tag, type, [value]);
    second.push(directory(0));
    entries = first;
  }
  head.writeUInt32LE(at, 4);
  return Buffer.concat([head, data, ...extra, directory(mask ? at + 6 + 12 * entries.length : 0), ...second]);
}

// A grey BMP of 24 bits.
export function bitmap(width, height) {
  const row = Math.ceil((3 * width) / 4) * 4;
  const file = Buffer.alloc(54 + row * height, 120);
  file.fill(0, 0, 54);
  file.write('BM', 'latin1');
  [[2, file.length], [10, 54], [14, 40], [18, width], [22, height], [34, row * height]].forEach(([at, value]) => file.writeUInt32LE(value, at));
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  return file;
}

// A TIFF of pages of 8-bit RGB: [{width, height, values, subfile}], subfile that of tag 254.
export function pagesTiff(pages) {
  const parts = [Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0])];
  let length = 8;
  let link = [parts[0], 4]; // where the next directory's offset belongs
  for (const {width, height, values, subfile = 0} of pages) {
    const entries = [
      [254, 4, 1, subfile], [256, 4, 1, width], [257, 4, 1, height], [258, 3, 3, length + values.length], [259, 3, 1, 1], [262, 3, 1, 2],
      [273, 4, 1, length], [277, 3, 1, 3], [278, 4, 1, height], [279, 4, 1, values.length],
    ];
    const directory = Buffer.alloc(6 + 2 + 12 * entries.length + 4);
    for (const at of [0, 2, 4]) directory.writeUInt16LE(8, at); // bits a sample
    directory.writeUInt16LE(entries.length, 6);
    entries.forEach(([tag, type, count, value], i) => {
      directory.writeUInt16LE(tag, 8 + 12 * i);
      directory.writeUInt16LE(type, 10 + 12 * i);
      directory.writeUInt32LE(count, 12 + 12 * i);
      directory.writeUInt32LE(value, 16 + 12 * i);
    });
    parts.push(Buffer.from(values), directory);
    link[0].writeUInt32LE(length + values.length + 6, link[1]);
    link = [directory, directory.length - 4];
    length += values.length + directory.length;
  }
  return Buffer.concat(parts);
}
