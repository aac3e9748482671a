// `eidetic plugin`: plug-ins of all kinds, listed and explained.

import ArgumentParser
import Bindings
import LuaHost

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "List and explain plug-ins: probes, methods, datasets, models.",
    discussion: """
      A plug-in is a Lua file in ./probes, ./methods, ./datasets or ./models, or in
      the same folders of $XDG_DATA_HOME/eidetic (by default ~/.local/share/eidetic).
      It runs in an environment of its own, without files or processes.

      Examples:
        eidetic plugin list
        eidetic plugin list dataset model
        eidetic plugin show model base
      """,
    subcommands: [List.self, Show.self])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List plug-ins, where they come from, and what is wrong with broken ones.",
      discussion: """
        Examples:
          eidetic plugin list
          eidetic plugin list dataset --json
        """)

    @Argument(help: "Which kinds; all by default.")
    var kinds: [PluginKind] = []

    @OptionGroup var plugins: PluginOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try listPlugins(
        kinds.isEmpty ? PluginKind.allCases : kinds, in: plugins.folders(), asJSON: json)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Explain a plug-in: what it does, its parameters, its file.",
      discussion: """
        Examples:
          eidetic plugin show dataset personas
        """)

    @Argument(help: "Its kind.")
    var kind: PluginKind

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var plugins: PluginOptions

    func run() throws {
      let call = LibraryCall(folders: try plugins.folders(), limits: .loading)
      print(try call("show", .string(kind.rawValue), .string(name)).asString ?? "")
    }
  }
}

extension PluginKind: ExpressibleByArgument {}

/// Prints a listing.
func listPlugins(_ kinds: [PluginKind], in folders: PluginFolders, asJSON: Bool) throws {
  let entries = LuaValue.list(try pluginEntries(kinds, in: folders))
  let call = LibraryCall(folders: folders)
  if asJSON { return try printJSON(call("list", entries)) }
  print(try call("list_text", entries, .boolean(kinds.count > 1)).asString ?? "")
}

/// Every plug-in, loaded: one that does not come to its end is a broken one.
func pluginEntries(_ kinds: [PluginKind], in folders: PluginFolders) throws -> [LuaValue] {
  try LibraryCall(folders: folders, limits: .loading).session { call in
    let names = LuaValue.list(kinds.map { .string($0.rawValue) })
    let files = try call("files", [names]).first?.asTable?.items ?? []
    return try files.map { file in
      do { return try call("entry", [file]).first ?? .nil } catch let failure as Failure
        where failure.code == 124
      {
        let path = file.asTable?["path"].asString ?? ""
        return try call("entry", [file, .string("\(path): it was still loading after 5 s")]).first
          ?? .nil
      }
    }
  }
}
