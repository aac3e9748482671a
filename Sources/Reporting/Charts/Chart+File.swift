// Charts as files: SVG as it is, PNG and PDF through librsvg's program, and the numbers themselves.

import Foundation
import Repro

extension Chart {
  /// Writes the chart in the format that the name ends in: `svg`, `png` or `pdf`.
  ///
  /// - Parameter scale: Pixels of a PNG per pixel of the drawing.
  /// - Throws: ``ChartError`` for another ending, or where librsvg is needed and missing;
  ///   `FileWriteError`.
  public func write(to path: String, scale: Double = 2) throws {
    switch path.split(separator: ".").last?.lowercased() {
    case "svg" where path.contains("."): try AtomicFile.write(svg(), to: path)
    case "png" where path.contains("."):
      try AtomicFile.write(
        converted(["--format=png", "--zoom=\(scale)"], "PNG"), to: path)
    case "pdf" where path.contains("."):
      try AtomicFile.write(converted(["--format=pdf"], "PDF"), to: path)
    default:
      throw ChartError("expected a name that ends in .svg, .png or .pdf, got '\(path)'")
    }
  }

  private func converted(_ arguments: [String], _ format: String) throws -> Data {
    guard let program = Self.converter else {
      throw ChartError(
        "\(format) needs rsvg-convert; install it (Debian: apt install librsvg2-bin), or save the "
          + "chart as .svg")
    }
    // From a file, because a pipe that nobody reads any more would end this process.
    let drawing = FileManager.default.temporaryDirectory.path + "/chart-\(UUID().uuidString).svg"
    try AtomicFile.write(svg(.light), to: drawing)
    defer { unlink(drawing) }
    let process = Process(), output = Pipe()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments + [drawing]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw ChartError("\(program) does not start: \(AtomicFile.reason(of: error))")
    }
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0, !data.isEmpty else {
      throw ChartError(
        "\(program) could not make a \(format) of this chart (status "
          + "\(process.terminationStatus)); save it as .svg")
    }
    return data
  }

  /// Where librsvg's program is, if it is anywhere on the path.
  static var converter: String? {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").map { $0 + "/rsvg-convert" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  // MARK: The numbers

  /// The chart as JSON; the same chart gives the same bytes.
  public func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(self)
  }

  /// Reads what ``json()`` wrote.
  ///
  /// - Throws: ``ChartError`` for anything else.
  public init(json: Data, source: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { self = try decoder.decode(Chart.self, from: json) } catch {
      throw ChartError("\(source) holds no chart")
    }
    do { try validate() } catch let error as ChartError {
      throw ChartError("\(source): \(error)")
    }
  }
}
