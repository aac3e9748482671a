// `eidetic probe`: probes that ship and probes that are plugged in, listed, explained and run.

import ArgumentParser
import Bindings
import LuaHost

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe", abstract: "List, explain and run probes.",
    discussion: """
      A probe is a Lua file in ./probes, in $XDG_DATA_HOME/eidetic/probes (by default
      ~/.local/share/eidetic/probes) or in a folder named by --probe-path; `eidetic
      new probe NAME` writes one to start from. The first of a name shadows the
      others.

      Examples:
        eidetic probe list
        eidetic probe show recall
        eidetic probe run recall --model base:preset=nano --param modality=image
      """,
    subcommands: [List.self, Show.self, Run.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List probes, where they come from, and what is wrong with broken ones.",
      discussion: """
        Examples:
          eidetic probe list
          eidetic probe list --probe-path ~/my-probes --json
        """)

    @OptionGroup var plugins: PluginOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try listPlugins([.probe], in: plugins.folders(), asJSON: json)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Explain a probe: what it asks, its parameters, its file.",
      discussion: """
        Examples:
          eidetic probe show first-name
        """)

    @Argument(help: "The probe.")
    var name: String

    @OptionGroup var plugins: PluginOptions

    func run() throws {
      let call = LibraryCall(folders: try plugins.folders(), limits: .loading)
      print(try call("show", "probe", .string(name)).asString ?? "")
    }
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Run a probe on a model: mean, interval, chance level, never-trained people.",
      discussion: """
        The people are those whom the model knows, or those of --data. The same probe
        is run on never-trained people of the same generator, as the control. `eidetic
        probe run NAME --help` shows the probe's own parameters.

        `all` runs every probe that fits the model, each way of showing people, and
        goes on when one fails; probes that train further models join with --training.

        Examples:
          eidetic probe run recall --model tiny
          eidetic probe run all --model tiny --out results/all
          eidetic probe run counterfactual --model tiny --processes 2
          eidetic probe run rank --model base:preset=nano --param modality=image
          eidetic probe run rank --model a.safetensors --data personas:count=50 --json
          eidetic probe run recall --model tiny --out results/recall
          eidetic probe run recall rank close-name --model tiny --time-limit 60
        """, helpNames: [])

    @Argument(help: "The probes; one that fails is named, and the others go on.")
    var names: [String] = []

    @Option(help: "A preset, a model plug-in as NAME:key=value,…, or a .safetensors file.")
    var model: String?

    @Option(help: "The people: a dataset as NAME:key=value,…; by default those the model knows.")
    var data: String?

    @Option(help: ArgumentHelp("Sets a parameter of the probe.", valueName: "name=value"))
    var param: [Setting] = []

    @Option(help: "The seed of model, people and probe.")
    var seed: Int = 0

    @Option(
      help: "Also leave a run folder with result.json and report.html; of several probes, one each."
    )
    var out: String?

    @Flag(help: "With `all`: also run the probes that train, which takes long.")
    var training = false

    @Option(help: "Processes that share the models to train, with one thread each when several.")
    var processes: Int = 1

    @Flag(inversion: .prefixedNo, help: "Also run it on never-trained people.")
    var control = true

    @Flag(help: "Print JSON with every outcome; of several probes, a list.")
    var json = false

    @OptionGroup var limits: PluginLimitOptions

    @OptionGroup var plugins: PluginOptions

    @Flag(name: [.short, .long], help: "Show help, with the probe's parameters when one is named.")
    var help = false

    func run() throws {
      let folders = try plugins.folders()
      if help { return try showHelp(Self.self, of: .probe, names.first, in: folders) }
      if names.isEmpty { throw Failure(code: 2, "error: which probe? See eidetic probe list") }
      guard let model else {
        throw Failure(
          code: 2, "error: which model? Give --model, such as --model tiny or --model a.safetensors"
        )
      }
      guard (1...256).contains(processes) else {
        throw Failure(code: 2, "error: --processes must be 1 ... 256, got \(processes)")
      }
      guard names == ["all"] || !names.contains("all") else {
        throw Failure(code: 2, "error: 'all' stands alone: it runs every probe that fits")
      }
      Helpers.followParent()
      let helpers = try Helpers(processes - 1)
      defer { helpers.stop() }
      let run = ProbeRun(
        folders: folders, options: limits, out: out, asJSON: json,
        request: [
          "model": .string(model), "data": data.map { .string($0) } ?? .nil, "texts": param.table,
          "seed": .integer(seed), "control": .boolean(control), "keep": .boolean(out != nil),
          "training": .boolean(training),
        ])
      try names == ["all"] ? run.all() : run(names)
    }
  }
}

/// Prints what `eidetic.commands` returns: a text for people and a record.
func printResult(_ result: LuaValue, asJSON: Bool) throws {
  if asJSON { return try printJSON(result.asTable?["record"] ?? .nil) }
  print(result.asTable?["text"].asString ?? "")
}
