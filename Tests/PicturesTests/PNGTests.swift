import Foundation
import Pictures
import Repro
import Testing

@Suite struct PNGTests {
  /// A picture of random bytes: nothing that a codec may smooth over.
  private func noise(_ width: Int, _ height: Int) throws -> Picture {
    var stream = RandomStream(seed: 1)
    let pixels = (0..<3 * width * height).map { _ in UInt8(truncatingIfNeeded: stream.next()) }
    return try Picture(width: width, height: height, pixels: pixels)
  }

  @Test(arguments: [(1, 1), (7, 5), (1, 300), (224, 224)])
  func `a picture survives its PNG file`(width: Int, height: Int) throws {
    let picture = try noise(width, height)
    #expect(try Picture(png: picture.png()) == picture)
    let flat = try Picture(width: width, height: height, gray: 200)
    #expect(try Picture(png: flat.png()) == flat)
  }

  @Test func `a file is written whole and read back`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("deep/er/picture.png").path
    let picture = try noise(9, 4)
    try picture.write(to: path)
    #expect(try Picture(file: path) == picture)
    #expect(throws: PictureError.unreadable(path: folder.path, reason: "Is a directory")) {
      try Picture(file: folder.path)
    }
    let missing = #expect(throws: PictureError.self) { try Picture(file: path + ".jpg") }
    #expect(missing?.description == "cannot read \(path).jpg: No such file or directory")
  }

  @Test func `a file cut at any length is an error`() throws {
    let png = try noise(6, 5).png()
    for length in 0..<png.count {
      #expect(throws: PictureError.self, "cut after \(length) bytes") {
        try Picture(png: Array(png.prefix(length)))
      }
    }
    #expect(try Picture(png: png + [1, 2, 3]) == noise(6, 5))
  }

  @Test func `random damage gives an error or the same picture`() throws {
    let picture = try noise(6, 5)
    let png = try picture.png()
    var stream = RandomStream(seed: 2)
    for _ in 0..<5000 {
      var damaged = png
      for _ in 0...stream.int(below: 4) {
        damaged[stream.int(below: png.count)] = UInt8(truncatingIfNeeded: stream.next())
      }
      if let read = try? Picture(png: damaged) { #expect(read == picture) }
    }
  }

  @Test func `garbage is refused with one line`() {
    let error = #expect(throws: PictureError.self) { try Picture(png: Array("GIF89a".utf8)) }
    #expect(
      error?.description
        == "picture: expected a whole PNG file, got damage (no PNG signature); "
        + "save or copy it again")
  }

  @Test func `sizes that make no picture are refused`() {
    for (width, height) in [(0, 4), (-2, 3), (.max, .max), (1 << 20, 1 << 20)] {
      #expect(throws: PictureError.self) { try Picture(width: width, height: height, gray: 0) }
    }
    #expect(throws: PictureError.self) { try Picture(width: 2, height: 2, pixels: [1, 2, 3]) }
  }

  private func bytes(hex text: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Substring(text)
    while !rest.isEmpty {
      bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  /// Files of two pixels, written by Pillow 13.
  @Test(arguments: [
    (
      "transparent red, then a solid color",
      "89504e470d0a1a0a0000000d4948445200000002000000010806000000f4227f8a00000011494441"
        + "54789c63f8cfc0c0c02522f71f0009a0023b53ea264d0000000049454e44ae426082",
      [255, 255, 255, 10, 20, 30]
    ),
    (
      "gray",
      "89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000b494441"
        + "54789c63603f010000d900d0d7a6223c0000000049454e44ae426082",
      [7, 7, 7, 200, 200, 200]
    ),
    (
      "palette of one bit",
      "89504e470d0a1a0a0000000d4948445200000002000000010103000000ceecedc900000006504c54"
        + "45010203fa8009fc42400d0000000a49444154789c636800000082008177cd72b600000000"
        + "49454e44ae426082",
      [250, 128, 9, 1, 2, 3]
    ),
  ])
  func `other color types become RGB over white`(
    kind: String, hex: String, expected: [UInt8]
  ) throws {
    #expect(try Picture(png: bytes(hex: hex)).pixels == expected, "\(kind)")
  }

  /// The head of a file can claim any size; it is checked before memory is asked for.
  @Test func `a small file that claims a huge picture is refused`() throws {
    let huge =
      "89504e470d0a1a0a0000000d49484452000f4240000f42400802000000d30faf2a"
      + "0000000a49444154789c63000100000500010d0a2db40000000049454e44ae426082"
    let error = #expect(throws: PictureError.self) { try Picture(png: bytes(hex: huge)) }
    #expect(
      error
        == .size(
          width: 1_000_000, height: 1_000_000, expected: "1 to 67108864 pixels",
          got: 1_000_000_000_000))
  }
}
