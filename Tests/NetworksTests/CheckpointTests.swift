import Foundation
import Networks
import Repro
import Testing

@Suite struct CheckpointTests {
  private func model() throws -> VisionLanguageModel {
    var c = ModelConfiguration(vocabulary: 20)
    (c.width, c.heads, c.encoderBlocks, c.decoderBlocks) = (8, 2, 1, 1)
    (c.imageSize, c.patchSize, c.imageTokens, c.maxTokens) = (8, 4, 2, 12)
    return try VisionLanguageModel(c, stream: RandomStream(seed: 3))
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "eidetic-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `a model is read back to the same bits and written to the same bytes`() throws {
    try withFolder { folder in
      let original = try model()
      try original.save(to: folder + "/a.safetensors")
      let copy = try VisionLanguageModel.load(from: folder + "/a.safetensors")
      #expect(copy.configuration == original.configuration)
      #expect(try copy.parameters.fingerprint() == original.parameters.fingerprint())
      try copy.save(to: folder + "/b.safetensors")
      #expect(
        FileManager.default.contents(atPath: folder + "/a.safetensors")
          == FileManager.default.contents(atPath: folder + "/b.safetensors"))
    }
  }

  @Test func `broken files are refused with one error`() throws {
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      #expect(throws: CheckpointError.self) { try VisionLanguageModel.load(from: path) }
      try model().save(to: path)
      let whole = try #require(FileManager.default.contents(atPath: path))
      for length in [0, 5, 8, 100, whole.count / 2, whole.count - 1] {
        try AtomicFile.write(whole.prefix(length), to: path)
        #expect(throws: CheckpointError.self, "cut at \(length)") {
          try VisionLanguageModel.load(from: path)
        }
      }
      var stream = RandomStream(seed: 9)
      for _ in 0..<300 {
        var damaged = whole
        damaged[stream.int(below: 2000)] = UInt8(stream.int(below: 256))
        try AtomicFile.write(damaged, to: path)
        // Some damage only changes a number; none may crash.
        do { _ = try VisionLanguageModel.load(from: path) } catch is CheckpointError {}
      }
    }
  }

  @Test func `sizes beyond the file are refused before memory is asked for`() throws {
    try withFolder { folder in
      let path = folder + "/m.safetensors"
      try model().save(to: path)
      var bytes = try #require(FileManager.default.contents(atPath: path))
      // The header is JSON in JSON: \"width\":8 of the metadata string; two digits take its place.
      let small = Data(#"\"vocabulary\":20,\"width\":8}"#.utf8)
      let large = Data(#"\"vocabulary\":9999999,\"width\":8}"#.utf8)
      let place = try #require(bytes.range(of: small))
      bytes.replaceSubrange(place, with: large)
      let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) } + large.count - small.count
      bytes.replaceSubrange(0..<8, with: withUnsafeBytes(of: UInt64(length).littleEndian) { Data($0) })
      try AtomicFile.write(bytes, to: path)
      let error = #expect(throws: CheckpointError.self) { try VisionLanguageModel.load(from: path) }
      #expect(error?.reason == "it is too small for the sizes it states")
    }
  }
}
