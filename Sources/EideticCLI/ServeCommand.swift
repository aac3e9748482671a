// `eidetic serve`: the runs in a browser.

import ArgumentParser
import Bindings
import Dashboard
import Foundation
import RunStore
import Synchronization

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show runs in a browser: live curves, results, comparisons, people.",
    discussion: """
      Prints the address to open and answers until Ctrl-C, which ends it at once with
      exit code 130. It reads and never writes: runs go on, come and go, and the
      pages follow.

      By itself it listens on this machine alone (127.0.0.1), where every user of the
      machine can read; --token keeps the others out. On any other --host a token is
      always needed: it is part of the address that is printed, and the browser keeps
      it as a cookie. The connection is not encrypted; from elsewhere rather come
      through ssh -L 8765:localhost:8765.

      All that pages show is there as JSON below /api/.

      Examples:
        eidetic serve
        eidetic serve --root results --port 0
        eidetic serve --host 0.0.0.0
        curl http://127.0.0.1:8765/api/runs?where=recall%3E0.9
      """)

  @OptionGroup var root: RootOption

  @Option(help: ArgumentHelp("The address or name to listen on.", valueName: "name"))
  var host: String = "127.0.0.1"

  @Option(help: "The port; 0 for any that is free.")
  var port: Int = 8765

  @Flag(help: "Ask for a token on this machine too.")
  var token = false

  func validate() throws {
    guard (0...65535).contains(port) else {
      throw ValidationError("--port \(port): expected 0 ... 65535")
    }
  }

  func run() throws {
    if root.root != "runs", !FileManager.default.fileExists(atPath: root.root) {
      throw Failure(code: 2, "error: there is no folder \(root.root)")
    }
    Self.allowManyFiles()
    let root = root
    let filters = Mutex(())
    let site = Site(store: Store(root: root.root) { root.indexPath }) { expression, runs in
      // One at a time: an expression may take two seconds of a core.
      try filters.withLock { _ in try RunFilter(expression).matching(runs) }
    }
    let server: Server
    do { server = try Server(site, host: host, port: port, token: token) } catch {
      throw Failure(code: 1, "error: \(error)")
    }
    // Nothing is under way that could be lost.
    signal(SIGINT) { _ in _exit(130) }
    print("\(root.root) at  \(server.url)\nCtrl-C ends it.")
    if server.needsToken { print("Whoever has this address can read everything in \(root.root).") }
    fflush(nil)
    try Self.wait(for: server)
  }

  private static func wait(for server: Server) throws {
    let failure = Mutex<(any Error)?>(nil)
    let end = DispatchSemaphore(value: 0)
    Task {
      do { try await server.start().value } catch { failure.withLock { $0 = error } }
      end.signal()
    }
    end.wait()
    if let error = failure.withLock({ $0 }) { throw Failure(code: 1, "error: \(error)") }
  }

  /// Each reader is an open file.
  private static func allowManyFiles() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_max, max(limit.rlim_cur, 4096))
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
