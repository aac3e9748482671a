// `eidetic new`: files to start from, with comments and a spec. Nothing is ever overwritten.

import ArgumentParser
import Bindings
import Foundation
import Repro
import Stdlib

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a probe, method, experiment or project to start from.",
    discussion: """
      Every file comes with comments and a spec, and works as it is written. Nothing
      is overwritten.

      Examples:
        eidetic new project my-study
        eidetic new probe last-word
        eidetic test probes/last-word_spec.lua
      """,
    subcommands: [Probe.self, Method.self, Experiment.self, Project.self])

  struct Probe: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write probes/NAME.lua and its spec.",
      discussion: """
        Examples:
          eidetic new probe last-word
          eidetic probe run last-word --model tiny
        """)

    @Argument(help: "The name: words of small letters and digits, joined by hyphens.")
    var name: String

    func run() throws { try Template.pair("probe", named: name, in: "probes") }
  }

  struct Method: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write methods/NAME.lua, an unlearning method, and its spec.",
      discussion: """
        Examples:
          eidetic new method bounded-ascent
          eidetic method run bounded-ascent --model tiny --forget 0.1
        """)

    @Argument(help: "The name: words of small letters and digits, joined by hyphens.")
    var name: String

    func run() throws { try Template.pair("method", named: name, in: "methods") }
  }

  struct Experiment: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write experiments/NAME.lua and its spec.",
      discussion: """
        Examples:
          eidetic new experiment image-to-text
          eidetic run experiments/image-to-text.lua --seeds 3
        """)

    @Argument(help: "The name: words of small letters and digits, joined by hyphens.")
    var name: String

    func run() throws { try Template.pair("experiment", named: name, in: "experiments") }
  }

  struct Project: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a project: a probe, an experiment, their specs, settings for editors.",
      discussion: """
        `.luarc.json` leads the Lua language server to Eidetic's stubs.

        Examples:
          eidetic new project my-study
        """)

    @Argument(help: "The folder; made when it is missing.", completion: .directory)
    var folder: String

    func run() throws {
      let name = URL(fileURLWithPath: folder).lastPathComponent
      let words = ["name": name, "probe": "last-name", "experiment": "image-to-text"]
      var files = try Template.files("probe", named: "last-name", in: "probes")
      files += try Template.files("experiment", named: "image-to-text", in: "experiments")
      files.append(("README.md", try Template.text("project/README.md", words)))
      files.append((".luacheckrc", try Template.text("project/luacheckrc", words)))
      files.append((".gitignore", "runs/\n"))
      files.append((".luarc.json", Template.editorSettings))
      try Template.write(files, below: folder)
      print("\nnext: cd \(folder) && eidetic test")
    }
  }
}

/// Texts with `{{word}}`s to fill, from the library's folder of templates.
private enum Template {
  typealias File = (path: String, text: String)

  static func text(_ name: String, _ words: [String: String]) throws -> String {
    let path = "\(Stdlib.folder)/templates/\(name)"
    guard var text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Failure(code: 1, "error: the installation is not whole: cannot read \(path)")
    }
    for (word, value) in words { text = text.replacing("{{\(word)}}", with: value) }
    return text
  }

  /// A file and its spec.
  static func files(_ kind: String, named name: String, in folder: String) throws -> [File] {
    guard name.wholeMatch(of: #/[a-z][a-z0-9]*(-[a-z0-9]+)*/#) != nil else {
      throw Failure(
        code: 2,
        "error: '\(name)' is no name for a \(kind): expected small letters and digits joined by "
          + "hyphens, such as my-\(kind)")
    }
    let api = eideticAPIVersion.split(separator: ".").prefix(2).joined(separator: ".")
    let words = ["name": name, "api": api]
    return try ["", "_spec"].map {
      ("\(folder)/\(name)\($0).lua", try text("\(kind)\($0).lua", words))
    }
  }

  static func pair(_ kind: String, named name: String, in folder: String) throws {
    try write(files(kind, named: name, in: folder), below: ".")
    print("\nnext: eidetic test \(folder)/\(name)_spec.lua")
  }

  /// All files or none: when one of them exists, nothing is written.
  static func write(_ files: [File], below root: String) throws {
    let paths = files.map { root == "." ? $0.path : "\(root)/\($0.path)" }
    if let standing = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) {
      throw Failure(
        code: 1, "error: \(standing) exists and is left as it is; choose another name")
    }
    do {
      for (path, file) in zip(paths, files) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
        try Data(file.text.utf8).write(
          to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        print("wrote \(path)")
      }
    } catch {
      throw Failure(code: 1, "error: cannot write below \(root): \(error.localizedDescription)")
    }
  }

  /// `.luarc.json` of a project: where stubs and library lie on this machine.
  static var editorSettings: String {
    let settings: [(String, JSON)] = [
      ("runtime.version", "Lua 5.4"), ("workspace.checkThirdParty", false),
      ("workspace.library", [.string(Stdlib.stubs), .string(Stdlib.folder)]),
      ("diagnostics.globals", ["describe", "it", "expect", "eidetic", "help"]),
    ]
    let lines = settings.map { "  \(JSON.string($0).canonical): \($1.canonical)" }
    return "{\n\(lines.joined(separator: ",\n"))\n}\n"
  }
}
