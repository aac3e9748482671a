// PNG through Debian's libpng. Only its simplified interface: it returns errors as values, whereas
// the classic one jumps over the caller's frames, which Swift does not survive.

private import CPNG
import Foundation
import Repro

extension Picture {
  /// The picture as a PNG file. The pixels are exact; the compressed bytes may change with zlib.
  ///
  /// - Throws: ``PictureError/unwritable(reason:)`` when libpng fails.
  public func png() throws -> [UInt8] {
    // zlib adds at most a few bytes per block to incompressible data; libpng asks again if not.
    var capacity = pixels.count + height + pixels.count / 500 + 4096
    for _ in 0..<2 {
      var image = Self.image(width: width, height: height)
      var size = png_alloc_size_t(capacity)
      var isDone = false
      let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        isDone =
          png_image_write_to_memory(&image, buffer.baseAddress, &size, 0, pixels, 0, nil) != 0
        count = isDone ? Int(size) : 0
      }
      if isDone { return bytes }
      guard Int(size) > capacity else {
        throw PictureError.unwritable(reason: Self.message(image))
      }
      capacity = Int(size)
    }
    throw PictureError.unwritable(reason: "its size changed")
  }

  /// Saves the picture as a PNG file, whole or not at all.
  ///
  /// - Throws: ``PictureError`` or `FileWriteError`; an earlier file stays.
  public func write(to path: String) throws {
    try AtomicFile.write(png(), to: path)
  }

  /// Decodes a PNG file of any color type; transparency is laid over white.
  ///
  /// - Parameters:
  ///   - png: The bytes of the file.
  ///   - source: Names the file in errors.
  /// - Throws: ``PictureError`` when the bytes are no whole PNG file or the picture is too large.
  public init(png: [UInt8], source: String = "picture") throws {
    try Self.checkStructure(png, source: source)
    // libpng keeps the address from the first call to the last.
    self = try png.withUnsafeBytes { try Self.decode($0, source: source) }
  }

  private static func decode(_ png: UnsafeRawBufferPointer, source: String) throws -> Picture {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    guard png_image_begin_read_from_memory(&image, png.baseAddress, png.count) != 0 else {
      throw PictureError.damaged(source: source, reason: message(image))
    }
    let (width, height) = (Int(image.width), Int(image.height))
    let byteCount = try byteCount(width: width, height: height)
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    var white = png_color(red: 255, green: 255, blue: 255)
    var isDone = false
    let pixels = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      isDone = png_image_finish_read(&image, &white, buffer.baseAddress, 0, nil) != 0
      count = isDone ? byteCount : 0
    }
    guard isDone else {
      throw PictureError.damaged(source: source, reason: message(image))
    }
    return try Picture(width: width, height: height, pixels: pixels)
  }

  /// Reads a PNG file.
  ///
  /// - Throws: ``PictureError``, with the path, when there is no readable whole PNG file.
  public init(file path: String) throws {
    guard let file = fopen(path, "rb") else {
      throw PictureError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&part, 1, part.count, file), count > 0 {
      bytes += part[..<count]
    }
    // Opening a folder succeeds; reading it is what fails.
    guard ferror(file) == 0 else {
      throw PictureError.unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    try self.init(png: bytes, source: path)
  }

  private static func image(width: Int, height: Int) -> png_image {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    return image
  }

  private static func message(_ image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// Walks the chunks to the end mark: libpng itself stops at the last pixel and would take a file
  /// that lost its tail.
  private static func checkStructure(_ png: [UInt8], source: String) throws {
    func fail(_ reason: String) -> PictureError { .damaged(source: source, reason: reason) }
    guard png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      throw fail("no PNG signature")
    }
    var position = 8
    while position + 12 <= png.count {
      let length = png[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard position + 12 + length <= png.count else { break }
      if png[position + 4..<position + 8].elementsEqual("IEND".utf8) { return }
      position += 12 + length
    }
    throw fail("it ends after \(png.count) bytes, before the end mark")
  }
}
