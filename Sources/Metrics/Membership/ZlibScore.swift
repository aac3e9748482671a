// How surprising is the text to the model, compared with how surprising it is to a compressor?

import CZLIB

/// The zlib attack: minus the mean negative log-likelihood over the compressed size of the text.
public struct ZlibScore: Equatable, Sendable {
  /// The score.
  ///
  /// - *Range*: ≤ 0. *Unit*: nats per token and byte. *Reads as*: higher means more likely a member.
  public let value: Double
  /// The size of the text after compression, in bytes.
  public let compressedBytes: Int
  /// Whether the text is below 100 bytes: then the size is mostly zlib's wrapper, and says little.
  public let isShort: Bool

  /// Compares a text's likelihood with its size.
  ///
  /// - *Undefined when*: there are no tokens (throws).
  /// - Throws: ``MetricsError`` as ``SequenceLikelihood/init(_:)``.
  ///
  /// Source: Carlini et al. 2021, arXiv:2012.07805 (there as a ratio of the two entropies).
  public init(_ logProbabilities: [Double], text: String) throws {
    let mean = try SequenceLikelihood(logProbabilities).mean
    compressedBytes = try zlibBytes(text)
    isShort = text.utf8.count < 100
    value = mean / Double(compressedBytes)
  }
}

/// The size of a text in UTF-8 after zlib at level 6, wrapper of eight bytes included.
///
/// - *Range*: ≥ 8. *Unit*: bytes. *Reads as*: higher means more information.
/// - *Undefined when*: never. Another implementation of zlib may give slightly other sizes.
/// - Throws: ``MetricsError`` when memory is short.
///
/// Source: RFC 1950; as Python's `len(zlib.compress(text, 6))`.
public func zlibBytes(_ text: String) throws -> Int {
  let bytes = Array(text.utf8)
  var size = compressBound(uLong(bytes.count))
  var buffer = [UInt8](repeating: 0, count: Int(size))
  let status = compress2(&buffer, &size, bytes, uLong(bytes.count), 6)
  guard status == Z_OK else {
    throw MetricsError.outOfRange(
      op: "zlib", what: "status", got: "\(status)", expected: "of success")
  }
  return Int(size)
}
