// What git says of the user's project when a run begins. A commit without the word that files were
// changed since would mislead, so both stand here, and the changes themselves are kept beside.

import Foundation
import Repro

/// The state of a project under git.
public struct GitState: Equatable, Sendable {
  /// The commit's full hash.
  public var commit: String
  /// The branch; empty when none is checked out.
  public var branch: String
  /// How many tracked files differ from the commit.
  public var changedFiles: Int
  /// How many files git does not know, ignored ones left out.
  public var untrackedFiles: Int
  /// The SHA-256 of `changes.patch`; `nil` when no tracked file is changed.
  public var patchHash: String?

  /// Creates a state.
  public init(
    commit: String, branch: String, changedFiles: Int, untrackedFiles: Int, patchHash: String?
  ) {
    self.commit = commit
    self.branch = branch
    self.changedFiles = changedFiles
    self.untrackedFiles = untrackedFiles
    self.patchHash = patchHash
  }

  /// For example `main 1a2b3c4d5e6f, 2 files changed`.
  public var summary: String {
    let changes = [(changedFiles, "changed"), (untrackedFiles, "untracked")].filter { $0.0 > 0 }
      .map { "\($0.0) \($0.0 == 1 ? "file" : "files") \($0.1)" }
    return
      ([([branch, String(commit.prefix(12))].filter { !$0.isEmpty }.joined(separator: " "))]
      + changes).joined(separator: ", ")
  }
}

extension GitState {
  /// Asks git about the project that a folder lies in.
  ///
  /// - Returns: The state and the text of all changes to tracked files; `nil` outside of a project,
  ///   without git, before the first commit, and when git takes longer than ten seconds.
  public static func read(of folder: String) -> (state: GitState, patch: Data?)? {
    let deadline = Date().addingTimeInterval(10)
    func ask(_ arguments: String...) -> Data? { git(folder, arguments, until: deadline) }
    func line(_ data: Data?) -> String? {
      data.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .newlines) }
    }
    guard let commit = line(ask("rev-parse", "--verify", "--quiet", "HEAD")),
      commit.count >= 40,
      let status = ask("status", "--porcelain=v1", "-z", "--untracked-files=normal")
    else { return nil }
    let branch = line(ask("symbolic-ref", "--short", "--quiet", "HEAD")) ?? ""
    let files = Status(status)
    let patch =
      files.changed == 0
      ? nil : ask("diff", "HEAD", "--binary", "--no-ext-diff", "--no-textconv", "--no-color")
    let state = GitState(
      commit: commit, branch: branch, changedFiles: files.changed,
      untrackedFiles: files.untracked, patchHash: patch.map { SHA256.hex($0) })
    return (state, patch)
  }

  /// Entries of `git status -z`: two letters, a space, a path; a rename has its old path after it.
  private struct Status {
    var changed = 0, untracked = 0

    init(_ bytes: Data) {
      var isOldPath = false
      for entry in bytes.split(separator: 0) {
        if isOldPath {
          isOldPath = false
        } else if entry.starts(with: Array("??".utf8)) {
          untracked += 1
        } else {
          changed += 1
          isOldPath = entry.prefix(2).contains {
            $0 == UInt8(ascii: "R") || $0 == UInt8(ascii: "C")
          }
        }
      }
    }
  }

  /// The project's settings must not start programs of their own, and nothing is written.
  private static func git(_ folder: String, _ arguments: [String], until deadline: Date) -> Data? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      ["git", "--no-optional-locks", "-C", folder, "-c", "core.fsmonitor=false"]
      + ["-c", "core.hooksPath=/dev/null"] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    do { try process.run() } catch { return nil }
    let watch = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(
      deadline: .now() + max(0, deadline.timeIntervalSinceNow), execute: watch)
    let bytes = try? output.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    watch.cancel()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { return nil }
    return bytes ?? Data()
  }
}

extension GitState {
  var json: JSON {
    var members: [String: JSON] = [
      "branch": .string(branch), "changed_files": .integer(changedFiles),
      "commit": .string(commit), "untracked_files": .integer(untrackedFiles),
    ]
    members["patch_sha256"] = patchHash.map(JSON.string)
    return .object(members)
  }

  init(_ json: JSON, at place: String) throws {
    var members = try Members(json, at: place)
    self.init(
      commit: try members.take("commit"), branch: try members.take("branch"),
      changedFiles: try members.take("changed_files"),
      untrackedFiles: try members.take("untracked_files"),
      patchHash: try members.optional("patch_sha256"))
    try members.end()
  }
}
