// `eidetic personas`: people as files for other tools.

import ArgumentParser
import Bindings
import Foundation
import Personas
import Repro

struct PersonasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "personas", abstract: "Make synthetic people.",
    discussion: """
      Examples:
        eidetic personas build --count 100 --views 20 --out people
      """,
    subcommands: [Build.self])

  struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write people as an imagefolder with metadata.jsonl.",
      discussion: """
        The folder gets train/ and test/ (held-out views) with a metadata.jsonl each,
        ledger.jsonl, gallery.png and manifest.json. In Python:
          datasets.load_dataset("imagefolder", data_dir="people")

        Examples:
          eidetic personas build --count 100 --views 20 --out people
          eidetic personas build --count 1000 --size 64 --out faces --overwrite
        """)

    @Option(help: "How many people.")
    var count: Int = 100

    @Option(help: "How many views of each are for training.")
    var views: Int = 20

    @Option(help: "How many more views of each are held out.")
    var testViews: Int = 5

    @Option(help: "Side of the pictures in pixels, 16 to 512.")
    var size: Int = 224

    @Option(help: "Decides everything.")
    var seed: UInt64 = 0

    @Option(help: "The folder; missing, empty, or an earlier export with --overwrite.")
    var out: String

    @Flag(help: "Let looks repeat: every attribute is drawn for itself.")
    var lookAlikes = false

    @Flag(help: "Replace an earlier export.")
    var overwrite = false

    func run() throws {
      let listener = makeListener()
      do {
        let people = try Population(
          count: count, stream: RandomStream(seed: seed).fork("people"),
          policy: lookAlikes ? .independent : .distinct)
        try export(people, listener)
        listener.finish()
        report(people)
      } catch {
        listener.finish()
        throw Failure(error)
      }
    }

    private func export(_ people: Population, _ listener: any ProgressListener) throws {
      var export = PersonaExport(people: people, stream: people.viewStream)
      (export.side, export.trainViews, export.testViews) = (size, views, testViews)
      export.replacesEarlierExport = overwrite
      let interrupt = InterruptFlag()
      try export.write(to: out) { person, view in
        let item = try people.item(
          person.id - people.ids.lowerBound, .caption, as: .text, view: view)
        return ["description": .string(item.shown), "caption": .string(item.answer)]
      } progress: { written, total in
        listener.progress(stage: "pictures", step: written, steps: total, loss: nil)
        if interrupt.isSet { throw Interrupted(what: "\(written) of \(total) pictures written") }
      }
    }

    private func report(_ people: Population) {
      let looks = people.collisions()
      print(
        "\(people.count) people, \(looks.lookAlikes) of them look like another "
          + "(best possible accuracy \(String(format: "%.3f", looks.accuracyCeiling)))")
      print("\(out)/gallery.png shows some of them")
    }
  }
}

/// Stopped by the user; what is written so far says that it is incomplete.
struct Interrupted: Error, CustomStringConvertible {
  let what: String
  var description: String { "interrupted: \(what)" }
}

/// Set by Ctrl-C while it lives.
final class InterruptFlag {
  nonisolated(unsafe) private static var raised: sig_atomic_t = 0
  var isSet: Bool { Self.raised != 0 }

  init() {
    Self.raised = 0
    signal(SIGINT) { _ in InterruptFlag.raised = 1 }
  }

  deinit { signal(SIGINT, SIG_DFL) }
}
