// `eidetic method`: unlearning methods, listed, explained and run on a model.

import ArgumentParser
import Bindings
import LuaHost

struct MethodCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "method", abstract: "List, explain and run unlearning methods.",
    discussion: """
      Examples:
        eidetic method list
        eidetic method show grad-diff
        eidetic method run npo --model memorized:preset=nano --forget 0.1
      """,
    subcommands: [List.self, Show.self, Run.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List unlearning methods.",
      discussion: """
        Examples:
          eidetic method list --json
        """)

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws { try listPlugins([.method], in: PluginFolders(), asJSON: json) }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Explain a method: what it does, its parameters, its file.",
      discussion: """
        Examples:
          eidetic method show gradient-ascent
        """)

    @Argument(help: "The method.")
    var name: String

    func run() throws {
      let call = LibraryCall(folders: PluginFolders(), limits: .loading)
      print(try call("show", "method", .string(name)).asString ?? "")
    }
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a model forget some of its people; what is left of them, and of the others.",
      discussion: """
        The first people of the model, or of --data, are to be forgotten, the others to
        be kept. Recall of those to forget counts only who was recalled before. A model
        that says how it was made, such as memorized, is made again without them: the
        gold model, which forget quality and utility are compared with. `eidetic method
        run NAME --help` shows the method's own parameters. --time-limit counts the
        whole work, the models that are made for it included.

        Examples:
          eidetic method run npo --model memorized:preset=nano,count=40 --forget 0.2
          eidetic method run gradient-ascent --model tiny --forget 0.1 --param steps=20
          eidetic method run downloaded --model tiny --time-limit 600 --memory-limit 2G
          eidetic method run grad-diff --model a.safetensors --data personas:count=50 \\
            --out forgot.safetensors
        """, helpNames: [])

    @Argument(help: "The method.")
    var name: String?

    @Option(help: "A preset, a model plug-in as NAME:key=value,…, or a .safetensors file.")
    var model: String?

    @Option(help: "The people: a dataset as NAME:key=value,…; by default those the model knows.")
    var data: String?

    @Option(help: "The share of the people that is to be forgotten.")
    var forget: Double = 0.1

    @Option(help: ArgumentHelp("Sets a parameter of the method.", valueName: "name=value"))
    var param: [Setting] = []

    @Option(help: "The seed of model, people and method.")
    var seed: Int = 0

    @Option(help: "Where to save the model; ends in .safetensors.")
    var out: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var limits: PluginLimitOptions

    @Flag(
      name: [.short, .long], help: "Show help, with the method's parameters when one is named.")
    var help = false

    func run() throws {
      let folders = PluginFolders()
      if help { return try showHelp(Self.self, of: .method, name, in: folders) }
      guard let name else { throw Failure(code: 2, "error: which method? See eidetic method list") }
      guard let model else {
        throw Failure(code: 2, "error: which model? Give --model, such as --model tiny")
      }
      guard forget > 0, forget < 1 else {
        throw Failure(code: 2, "error: --forget \(forget): expected a share between 0 and 1")
      }
      if let out, !out.hasSuffix(".safetensors") {
        throw Failure(code: 2, "error: --out \(out): expected a name that ends in .safetensors")
      }
      let call = LibraryCall(folders: folders, limits: limits.limits(of: "method '\(name)'"))
      let result = try call(
        "run_method", .string(name),
        .fields([
          "model": .string(model), "data": data.map { .string($0) } ?? .nil, "texts": param.table,
          "seed": .integer(seed), "forget": .number(forget),
          "out": out.map { .string($0) } ?? .nil,
        ]))
      try printResult(result, asJSON: json)
    }
  }
}
