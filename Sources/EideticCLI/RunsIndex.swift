// `eidetic runs index`.

import ArgumentParser
import Foundation
import Repro
import RunIndex
import RunStore

struct RunsIndex: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Bring the index of a store up to date, or make it again.",
    discussion: """
      Lists come from an index, an SQLite file beside the runs (runs/.index.sqlite),
      or in the cache folder where the runs may not be written or lie on a network.
      It is kept up to date by itself: a folder that has changed is read again. It
      holds nothing that the folders do not hold, and may be deleted at any time.

      Examples:
        eidetic runs index
        eidetic runs index --rebuild
        sqlite3 runs/.index.sqlite 'SELECT name, recall FROM run WHERE recall > 0.9'
      """)

  @Flag(help: "Throw the index away first and read every folder.") var rebuild = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var root: RootOption

  func run() throws {
    guard FileManager.default.fileExists(atPath: root.root) else {
      throw Failure(code: 2, "error: there is no folder \(root.root)")
    }
    guard let path = root.indexPath else {
      throw Failure(code: 1, "error: no folder on a disk of this machine may be written")
    }
    let update = try failing {
      try rebuild
        ? RunIndex.rebuild(root: root.root, path: path)
        : RunIndex(root: root.root, path: path).refreshed().update
    }
    if json {
      let members: JSON = [
        "index": .string(path), "folders": .integer(update.folders), "read": .integer(update.read),
        "removed": .integer(update.removed),
      ]
      return print(members.canonical)
    }
    print(
      "\(path): \(update.folders) folders, \(update.read) read, \(update.removed) entries removed")
  }
}
