// TensorBoard's event file: records of length, checksum and a protobuf message `Event`
// (tensorboard/compat/proto/event.proto and summary.proto).

import Foundation

/// A file that TensorBoard reads, built in memory; equal contents are equal bytes.
struct EventFile {
  private(set) var bytes: [UInt8] = []
  /// Seconds since 1970, of every event: a run's result does not say when each step was taken.
  private let time: Double

  init(time: Date) {
    self.time = time.timeIntervalSince1970
    add { $0.add(3, text: "brain.Event:2") }
  }

  private mutating func add(_ fill: (inout ProtobufMessage) -> Void) {
    let event = ProtobufMessage { message in
      message.add(1, double: time)
      fill(&message)
    }.bytes
    let length = withUnsafeBytes(of: UInt64(event.count).littleEndian) { Array($0) }
    bytes += length
    withUnsafeBytes(of: CRC32C.masked(length).littleEndian) { bytes += $0 }
    bytes += event
    withUnsafeBytes(of: CRC32C.masked(event).littleEndian) { bytes += $0 }
  }

  /// One value of a summary.
  private mutating func add(
    _ tag: String, step: Int = 0, _ fill: (inout ProtobufMessage) -> Void
  ) {
    add { event in
      event.add(2, integer: step)
      event.add(5) { summary in
        summary.add(1) { value in
          value.add(1, text: tag)
          fill(&value)
        }
      }
    }
  }

  /// A number; files hold single precision.
  mutating func add(_ tag: String, scalar value: Double, step: Int) {
    add(tag, step: step) { $0.add(2, float: Float(value)) }
  }

  /// A picture as PNG.
  mutating func add(_ tag: String, png: [UInt8], step: Int = 0) {
    guard let size = PNGSize(png) else { return }
    add(tag, step: step) { value in
      value.add(4) { image in
        image.add(1, integer: size.height)
        image.add(2, integer: size.width)
        image.add(3, integer: 3)  // RGB
        image.add(4, bytes: png)
      }
    }
  }

  /// How values are spread, over thirty equal stretches; what is not finite is left out.
  mutating func add(_ tag: String, histogramOf values: [Double], step: Int = 0) {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return }
    let count = low == high ? 1 : 30
    let width = low == high ? 1 : (high - low) / Double(count)
    var buckets = [Double](repeating: 0, count: count)
    for value in finite { buckets[min(count - 1, Int((value - low) / width))] += 1 }
    let limits = (1...count).map { $0 == count && low < high ? high : low + Double($0) * width }
    add(tag, step: step) { value in
      value.add(5) { histogram in
        histogram.add(1, double: low)
        histogram.add(2, double: high)
        histogram.add(3, double: Double(finite.count))
        histogram.add(4, double: finite.reduce(0, +))
        histogram.add(5, double: finite.reduce(0) { $0 + $1 * $1 })
        histogram.add(6, doubles: limits)
        histogram.add(7, doubles: buckets)
      }
    }
  }

  /// Markdown.
  mutating func add(_ tag: String, text: String) {
    add(tag + "/text_summary") { value in
      value.add(8) { tensor in
        tensor.add(1, integer: 7)  // DT_STRING
        tensor.add(2) { shape in shape.add(2) { $0.add(1, integer: 1) } }
        tensor.add(8, text: text)
      }
      value.add(9) { $0.add(1) { $0.add(1, text: "text") } }
    }
  }

  /// What the plug-in HParams shows: a message of
  /// tensorboard/plugins/hparams/plugin_data.proto.
  mutating func add(hyperparameters name: String, _ fill: (inout ProtobufMessage) -> Void) {
    let content = ProtobufMessage { message in
      message.add(1, integer: 0)  // the version that TensorBoard's own writer states
      fill(&message)
    }.bytes
    add("_hparams_/" + name) { value in
      value.add(8) { tensor in
        // The tensor that stands for none: one zero.
        tensor.add(1, integer: 1)
        tensor.add(2) { shape in shape.add(2) { $0.add(1, integer: 1) } }
        tensor.add(5, float: 0)
      }
      value.add(9) { metadata in
        metadata.add(1) { plugin in
          plugin.add(1, text: "hparams")
          plugin.add(2, bytes: content)
        }
      }
    }
  }
}

/// Width and height from the header chunk of a PNG file.
private struct PNGSize {
  let width: Int, height: Int

  init?(_ png: [UInt8]) {
    guard png.count >= 24, png.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return nil }
    func number(_ at: Int) -> Int { png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    (width, height) = (number(16), number(20))
  }
}
