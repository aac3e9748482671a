// `eidetic runs export`: for other programs.

import ArgumentParser
import Foundation
import Interchange
import Reporting
import Repro
import RunStore

struct RunsExport: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case json, csv, markdown, latex, tensorboard, mlflow

    var isFolder: Bool { self == .tensorboard || self == .mlflow }
  }

  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write runs for other programs.",
    discussion: """
      csv, json, markdown, latex: a run's outcomes, one per persona and question. In
      Python: pandas.read_csv("outcomes.csv").

      tensorboard: log folders with scalars, histograms, images, text and HParams, in
      the folder that is named last. Then: tensorboard --logdir logs

      mlflow: a file store, a nested run per seed. Then, with MLflow 3:
      MLFLOW_ALLOW_FILE_STORE=true mlflow ui --backend-store-uri ./mlruns
      or once: mlflow migrate-filestore --source mlruns --target sqlite:///mlflow.db

      Examples:
        eidetic runs export 0C5K9QXW --format csv > outcomes.csv
        eidetic runs export runs/my-run --format json --out outcomes.json
        eidetic runs export 0C5K9QXW 7M2TPA1Z --format tensorboard logs
        eidetic runs export 0C5K9QXW --format mlflow mlruns
      """)

  @Argument(
    help: ArgumentHelp(
      "The run; for tensorboard and mlflow any number, and the folder.", valueName: "run"))
  var names: [String]

  @Option(help: "csv, json, markdown, latex, tensorboard or mlflow.") var format: Format = .csv

  @Option(help: "A file instead of standard output, or the folder.", completion: .file())
  var out: String?

  @OptionGroup var root: RootOption

  func run() throws {
    if format.isFolder { return try exportFolder() }
    guard names.count == 1 else {
      throw Failure(code: 2, "error: --format \(format.rawValue) takes one run at a time")
    }
    let result = try root.find(names[0]).resultOrFailure()
    let style = DataTable.Style(rawValue: format.rawValue)
    let text = style.map { result.outcomeTable.text($0) } ?? result.outcomeLines
    guard let out else { return print(text, terminator: "") }
    try failing { try AtomicFile.write(text, to: out) }
    print("\(result.outcomes.count) outcomes in \(out)")
  }

  private func exportFolder() throws {
    var runs = names
    guard let folder = out ?? (runs.count > 1 ? runs.popLast() : nil) else {
      throw Failure(
        code: 2, "error: which folder? eidetic runs export RUN --format \(format.rawValue) FOLDER")
    }
    for run in try root.find(runs) {
      _ = try run.resultOrFailure()
      let exported = try failing { try ExportedRun(run, pictures: pictures(of: run)) }
      if format == .mlflow {
        print("mlflow  \(try failing { try MLflowExport(exported, to: folder).write() })")
      } else {
        let files = try failing { try TensorBoardExport(exported).write(to: folder) }
        print("tensorboard  \(folder)/\(run.name), \(files.count) event files")
      }
    }
  }

  private func pictures(of run: Run) -> [ExportedRun.Picture] {
    let report = (try? String(contentsOfFile: run.reportPath, encoding: .utf8)) ?? ""
    return GalleryItem.items(inReport: report).map {
      ExportedRun.Picture(seed: $0.seed, persona: $0.persona, png: $0.png)
    }
  }
}

extension ExperimentResult {
  /// A column per condition that some outcome has.
  fileprivate var outcomeTable: DataTable {
    let conditions = Set(outcomes.flatMap(\.cell.keys.keys)).sorted()
    return DataTable(
      columns: ["seed", "persona", "group", "metric"] + conditions + ["value", "answer", "truth"],
      rows: outcomes.map { outcome in
        let cell = outcome.cell
        return [
          "\(outcome.seed)", "\(outcome.persona)", "\(cell.group)", cell.metric,
        ] + conditions.map { cell.keys[$0] ?? "" }
          + [JSON.number(outcome.value).canonical, outcome.answer ?? "", outcome.truth ?? ""]
      })
  }

  /// One list, an outcome per line.
  fileprivate var outcomeLines: String {
    "[\n" + outcomes.map(\.json.canonical).joined(separator: ",\n") + "\n]\n"
  }
}
