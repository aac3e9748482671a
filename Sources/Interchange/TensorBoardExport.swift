// A run as TensorBoard shows it: a log folder for the run and one per seed below it.

import Foundation
import Metrics
import Repro
import RunStore

/// Writes event files.
///
/// | TensorBoard | holds |
/// |---|---|
/// | scalars | curves per seed; means of cells per seed, and over seeds with their intervals |
/// | histograms | values of cells per person, where they are more than right or wrong |
/// | images | the people of the report |
/// | text | command, finding and table |
/// | HParams | parameters beside the means of cells |
public struct TensorBoardExport {
  private let run: ExportedRun

  /// An export of a run.
  public init(_ run: ExportedRun) { self.run = run }

  /// Writes below `folder`, replacing an earlier export of the run.
  ///
  /// - Returns: The files.
  /// - Throws: `FileWriteError`.
  public func write(to folder: String) throws -> [String] {
    let manifest = run.manifest
    let host = manifest.host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    let name =
      "events.out.tfevents.\(Int(manifest.time.timeIntervalSince1970)).\(host).0.0"
    let parts =
      [(run.run.name, whole)]
      + run.result.seeds.map { ("\(run.run.name)/seed-\($0)", seed($0)) }
    return try parts.map { part, file in
      let path = "\(folder)/\(part)/\(name)"
      try AtomicFile.write(Data(file.bytes), to: path)
      return path
    }
  }

  private var whole: EventFile {
    let result = run.result
    var file = EventFile(time: run.manifest.time)
    addHyperparameters(to: &file)
    for cell in result.cells {
      let tag = ExportedRun.tag(cell.key)
      file.add(tag, scalar: cell.mean, step: 0)
      if let interval = cell.interval {
        file.add(tag + " (low)", scalar: interval.low, step: 0)
        file.add(tag + " (high)", scalar: interval.high, step: 0)
      }
    }
    file.add("run", text: description)
    return file
  }

  private func seed(_ seed: Int) -> EventFile {
    let result = run.result
    var file = EventFile(time: run.manifest.time)
    for curve in result.curves where curve.seed == seed {
      for (step, value) in zip(curve.steps, curve.values) {
        file.add("\(curve.quantity)/\(curve.stage)", scalar: value, step: step)
      }
    }
    for cell in result.cells {
      let tag = ExportedRun.tag(cell.key)
      for mean in cell.seedMeans where mean.seed == seed {
        file.add(tag, scalar: mean.mean, step: 0)
      }
      if cell.scale != .binary {
        let values = result.outcomes.filter { $0.seed == seed && $0.cell == cell.key }.map(\.value)
        // A tag has one kind of value; of two kinds TensorBoard shows the first.
        file.add(tag + " (per person)", histogramOf: values)
      }
    }
    for picture in run.pictures where picture.seed == seed {
      file.add("people/\(picture.persona)", png: picture.png)
    }
    return file
  }

  /// Markdown; lines of code keep the table's columns.
  private var description: String {
    let code = { (text: String) in
      text.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
    }
    return code(run.manifest.commandLine) + "\n" + run.result.finding + "\n\n"
      + code(run.result.table())
  }

  private func addHyperparameters(to file: inout EventFile) {
    let manifest = run.manifest
    let parameters = manifest.parameters.sorted { $0.key < $1.key }
    file.add(hyperparameters: "experiment") { data in
      data.add(2) { experiment in
        experiment.add(6, text: manifest.experiment)
        for (name, text) in parameters {
          experiment.add(4) { info in
            info.add(1, text: name)
            info.add(4, integer: FieldValue(text).hyperparameterType)
          }
        }
        for cell in run.result.cells {
          experiment.add(5) { $0.add(1) { $0.add(2, text: ExportedRun.tag(cell.key)) } }
        }
      }
    }
    file.add(hyperparameters: "session_start_info") { data in
      data.add(3) { session in
        for (name, text) in parameters {
          session.add(1) { entry in
            entry.add(1, text: name)
            entry.add(2) { FieldValue(text).write(to: &$0) }
          }
        }
        session.add(4, text: run.run.name)
        session.add(5, double: manifest.time.timeIntervalSince1970)
      }
    }
    file.add(hyperparameters: "session_end_info") { data in
      data.add(4) { session in
        // STATUS_SUCCESS, STATUS_FAILURE
        session.add(1, integer: run.result.isComplete ? 1 : 2)
        session.add(2, double: (manifest.ending?.time ?? manifest.time).timeIntervalSince1970)
      }
    }
  }
}

extension FieldValue {
  /// `DataType` of the plug-in's api.proto.
  fileprivate var hyperparameterType: Int {
    switch self {
    case .text: 1
    case .flag: 2
    case .number: 3
    }
  }

  /// As `google.protobuf.Value`.
  fileprivate func write(to message: inout ProtobufMessage) {
    switch self {
    case .number(let number): message.add(2, double: number)
    case .text(let text): message.add(3, text: text)
    case .flag(let flag): message.add(4, integer: flag ? 1 : 0)
    }
  }
}
