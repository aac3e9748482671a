// The state behind LuaState and the handles, which it outlives: a handle may be dropped after the
// interpreter is gone. C calls come in here.

internal import CLuaShim
import Foundation

/// Touched only by the thread that is inside the state, but for `isInterrupted` and handles' ends.
final class HostCore: @unchecked Sendable {
  private(set) var host: OpaquePointer!
  private let print: (String) -> Void
  private let warn: (String) -> Void
  private let stuck: @Sendable () -> Void
  private var warning = ""
  // Read in every call and changed only at registration, which no call overlaps.
  private(set) var callees: [Callee] = []
  /// The same, to be called without counting references.
  @exclusivity(unchecked) private var routes: [Unmanaged<Callee>] = []
  @exclusivity(unchecked) var classTypes: [ObjectIdentifier] = []
  @exclusivity(unchecked) var decoders: [ObjectDecoder] = []
  /// The calls under way, outermost first, and behind them those that are over, to be used again.
  /// Owned by hand: counting references to them would cost a quarter of what a small function costs.
  private let calls = UnsafeMutablePointer<Arguments>.allocate(capacity: HostCore.mostKept)
  @exclusivity(unchecked) private var kept = 0
  @exclusivity(unchecked) private var depth = 0
  /// Lua itself nests no deeper into C.
  private static let mostKept = 200
  var classes: [NativeClass] = []
  var modules: [NativeModule] = []
  let isSandboxed: Bool
  var files = FileAccess.unrestricted
  var moduleRoots: [String] = []
  var libraryRoots: [String] = []
  /// Swift errors raised lately, to be found again by their text when they come back from Lua.
  var raised: [(message: String, error: any Error)] = []

  init(
    profile: LuaState.Profile, limits: LuaState.Limits, failAllocation: Int = 0,
    print: @escaping (String) -> Void, warn: @escaping (String) -> Void
  ) throws {
    self.print = print
    self.warn = warn
    isSandboxed = profile == .sandbox
    stuck = limits.onStuck
    var settings = es_settings()
    settings.sandboxed = isSandboxed ? 1 : 0
    settings.memory_limit = Swift.max(0, limits.memory ?? 0)
    settings.instruction_limit = Int64(Swift.max(0, limits.instructions ?? 0))
    settings.time_limit = Swift.min(Swift.max(0, limits.seconds ?? 0), 1e9)
    settings.grace = Swift.min(Swift.max(0, limits.grace), 1e9)
    settings.fail_allocation = Int64(failAllocation)
    settings.callbacks = callbacks(for: self)
    guard let host = es_open(&settings) else {
      throw LuaError("not enough memory", kind: .memory)
    }
    self.host = host
  }

  deinit {
    calls.deinitialize(count: kept)
    calls.deallocate()
    guard let host else { return }
    _ = es_close(host)
    es_free(host)
  }

  /// The number by which C calls a function.
  func add(_ callee: Callee) -> Int32 {
    callees.append(callee)
    routes.append(Unmanaged.passUnretained(callee))
    return Int32(callees.count - 1)
  }

  func close() {
    if es_close(host) != 0 { forgetFunctions() }
  }

  /// Bodies often capture what captures the state, so they go as soon as it is closed.
  func forgetFunctions() {
    (routes, callees) = ([], [])
    raised = []
  }

  var luaBytes: Int { es_lua_bytes(host) }
  var externalBytes: Int { es_external_bytes(host) }
  var isInterrupted: Bool { es_interrupted(host) != 0 }

  /// What the request to stop that stands is about, `nil` for none.
  var stopRequest: LuaError? {
    let status = es_interrupted(host)
    guard status != 0 else { return nil }
    let kind: LuaError.Kind =
      switch es_status(UInt32(status)) {
      case ES_TIME: .timeLimit
      case ES_LIMIT: .instructionLimit
      default: .interrupted
      }
    return LuaError(String(cString: es_stop_message(host, status)), kind: kind)
  }
  static var luaRelease: String { String(cString: es_lua_release()) }

  func setLibraryRoots(_ roots: [String]) {
    libraryRoots = roots
    _ = es_set_library_prefixes(host, roots.joined(separator: "\n"))
  }

  // MARK: Called from C

  func dispatch(
    _ id: Int32, _ values: UnsafeBufferPointer<es_value>,
    _ outcome: UnsafeMutablePointer<es_outcome>
  ) {
    let place = depth
    guard place < Self.mostKept else {
      let call = Arguments(self)
      dispatch(id, values, call, outcome)
      return call.outlive()
    }
    if place == kept {
      (calls + place).initialize(to: Arguments(self))
      kept += 1
    }
    depth = place + 1
    (calls + place).withMemoryRebound(to: Unmanaged<Arguments>.self, capacity: 1) {
      $0.pointee._withUnsafeGuaranteedRef { dispatch(id, values, $0, outcome) }
    }
    depth = place
    if isKnownUniquelyReferenced(&calls[place]) {
      (calls + place).withMemoryRebound(to: Unmanaged<Arguments>.self, capacity: 1) {
        $0.pointee._withUnsafeGuaranteedRef { $0.end() }
      }
    } else {
      calls[place].outlive()
      calls[place] = Arguments(self)
    }
  }

  // Not inlined: as an argument the call is known to live, and no reference to it is counted.
  @inline(never)
  private func dispatch(
    _ id: Int32, _ values: UnsafeBufferPointer<es_value>, _ call: Arguments,
    _ outcome: UnsafeMutablePointer<es_outcome>
  ) {
    routes[Int(id)]._withUnsafeGuaranteedRef { callee in
      call.begin(callee, values)
      do {
        try callee.check(call)
        if callee.givesOne {
          try give(callee.single(call), to: outcome)
        } else {
          try give(callee.several(call), to: outcome)
        }
      } catch {
        fail(error, to: outcome)
      }
    }
  }

  private func give(_ result: LuaValue, to outcome: UnsafeMutablePointer<es_outcome>) throws {
    if let scalar = encodeScalar(result) {
      outcome.pointee.one = scalar
    } else if case .object(let object) = result {
      outcome.pointee.one = try encode(object)
      outcome.pointee.owner = Unmanaged.passRetained(object as AnyObject).toOpaque()
    } else {
      return try give(several: [result], to: outcome)
    }
    outcome.pointee.count = 1
  }

  private func give(_ results: [LuaValue], to outcome: UnsafeMutablePointer<es_outcome>) throws {
    switch results.count {
    case 0: break
    case 1: try give(results[0], to: outcome)
    default: try give(several: results, to: outcome)
    }
  }

  private func give(
    several results: [LuaValue], to outcome: UnsafeMutablePointer<es_outcome>
  ) throws {
    let outbound = Outbound(self)
    outcome.pointee.values = UnsafePointer(try outbound.encode(results))
    outcome.pointee.owner = Unmanaged.passRetained(outbound).toOpaque()
    outcome.pointee.count = Int32(clamping: results.count)
  }

  private func fail(_ error: any Error, to outcome: UnsafeMutablePointer<es_outcome>) {
    let outbound = Outbound(self)
    outcome.pointee.count = 0
    outcome.pointee.owner = Unmanaged.passRetained(outbound).toOpaque()
    if let value = (error as? LuaError)?.value, value.core === self {
      outbound.keep(value)
      outcome.pointee.status = Int32(ES_RERAISE.rawValue)
      outcome.pointee.reference = value.id
      return
    }
    let message = (error as? LuaError)?.message ?? "\(error)"
    raised.append((message, error))
    if raised.count > 8 { raised.removeFirst() }
    outcome.pointee.status = Int32(ES_FAILED.rawValue)
    (outcome.pointee.message, outcome.pointee.message_length) = outbound.copy(message)
  }

  func printed(_ text: String) { print(text) }
  func isStuck() { stuck() }

  /// Pieces up to the one that ends the warning.
  func warned(_ text: String, more: Bool) {
    warning += text
    if more { return }
    warn(warning)
    warning = ""
  }

  func findModule(_ name: String, _ outcome: UnsafeMutablePointer<es_outcome>) {
    let outbound = Outbound(self)
    outcome.pointee.owner = Unmanaged.passRetained(outbound).toOpaque()
    let relative = name.replacing(".", with: "/")
    let candidates = moduleRoots.flatMap { root in
      ["\(relative).lua", "\(relative)/init.lua"].map { (root: root, file: $0) }
    }
    let paths = candidates.map { "\($0.root)/\($0.file)" }
    for (candidate, path) in zip(candidates, paths) {
      if isSandboxed, FileAccess.leadsOut(of: candidate.root, candidate.file) { continue }
      guard let source = readSource(path) else { continue }
      outcome.pointee.values = UnsafePointer(
        outbound.encode(texts: [Array("@\(path)".utf8), source]))
      outcome.pointee.count = 2
      return
    }
    let tried = paths.isEmpty ? "there are no module folders" : paths.joined(separator: ", ")
    let message = "module '\(name)' not found (\(tried))"
    outcome.pointee.status = Int32(ES_FAILED.rawValue)
    (outcome.pointee.message, outcome.pointee.message_length) = outbound.copy(message)
  }
}

/// The bytes of a source file, without byte order mark and without a first line that begins with
/// `#`; `nil` when it cannot be read.
func readSource(_ path: String) -> [UInt8]? {
  guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
  var bytes = [UInt8](data)
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
  if bytes.first == UInt8(ascii: "#") {
    bytes.removeSubrange(..<(bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex))
  }
  return bytes
}

private func core(_ context: UnsafeMutableRawPointer?) -> HostCore {
  Unmanaged<HostCore>.fromOpaque(context!).takeUnretainedValue()
}

/// The context is unretained: the core closes the state before it ends.
private func callbacks(for owner: HostCore) -> es_callbacks {
  es_callbacks(
    context: Unmanaged.passUnretained(owner).toOpaque(),
    dispatch: { context, id, arguments, count, outcome in
      let values = UnsafeBufferPointer(start: arguments, count: Int(count))
      Unmanaged<HostCore>.fromOpaque(context!)._withUnsafeGuaranteedRef {
        $0.dispatch(id, values, outcome!)
      }
    },
    release: { Unmanaged<AnyObject>.fromOpaque($0!).release() },  // Outbound or an object
    retain_object: { _ = Unmanaged<AnyObject>.fromOpaque($0!).retain() },
    release_object: { Unmanaged<AnyObject>.fromOpaque($0!).release() },
    print: { context, text, length in core(context).printed(decodeText(text, length)) },
    warn: { context, text, length, more in
      core(context).warned(decodeText(text, length), more: more != 0)
    },
    find_module: { context, name, length, outcome in
      core(context).findModule(decodeText(name, length), outcome!)
    },
    stuck: { context in core(context).isStuck() })
}
