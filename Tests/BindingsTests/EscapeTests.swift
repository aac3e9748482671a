// Scripts that try to get out of the sandbox, to crash the program or to hold it: each by name.

import Bindings
import Foundation
import LuaHost
import TensorCore
import Testing

private final class Silence: ProgressListener {
  func progress(stage: String, step: Int, steps: Int, loss: Double?) {}
  func message(_ text: String) {}
}

/// A script in a folder with a run folder, a secret outside and links to it.
private struct Cell {
  let root: String
  let workbench: Workbench
  let state: LuaState

  init(seconds: Double = 20, memory: Int = 128 << 20) throws {
    root = NSTemporaryDirectory() + "eidetic-cell-\(UUID().uuidString)"
    let manager = FileManager.default
    for folder in ["/run/files", "/script", "/outside"] {
      try manager.createDirectory(atPath: root + folder, withIntermediateDirectories: true)
    }
    try "secret".write(toFile: root + "/outside/secret", atomically: true, encoding: .utf8)
    try "return 'outside'".write(
      toFile: root + "/outside/secret.lua", atomically: true, encoding: .utf8)
    for (link, target) in [
      ("/run/files/out", "/outside"), ("/script/out", "/outside"),
      ("/run/files/leak.png", "/outside/secret"), ("/script/leak.safetensors", "/outside/secret"),
    ] {
      try manager.createSymbolicLink(
        atPath: root + link, withDestinationPath: root + target)
    }
    mkfifo(root + "/run/files/pipe.safetensors", 0o600)
    mkfifo(root + "/run/files/pipe.json", 0o600)
    try "".write(toFile: root + "/script/main.lua", atomically: true, encoding: .utf8)
    workbench = Workbench(
      listener: Silence(), cacheFolder: root + "/cache", outFolder: root + "/run",
      script: root + "/script/main.lua")
    state = try workbench.makeState(
      profile: .sandbox, limits: ScriptLimits(seconds: seconds, memory: memory), print: { _ in })
    try state.run(
      """
      eidetic = require "eidetic"
      tensor, rng = eidetic.tensor, eidetic.rng
      function model() return eidetic.models.vlm { preset = "nano", rng = rng.new(1) } end
      function people() return eidetic.personas.people { count = 4, rng = rng.new(1) } end
      """)
  }

  func remove() { try? FileManager.default.removeItem(atPath: root) }
}

/// The script must end in an error that holds the text; an empty text lets it end in peace.
private struct Attempt: Sendable, CustomTestStringConvertible {
  let name: String, source: String, error: String
  var testDescription: String { name }
  init(_ name: String, _ source: String, _ error: String = "") {
    (self.name, self.source, self.error) = (name, source, error)
  }
}

private let absences: [Attempt] = [
  "io", "debug", "package", "dofile", "loadfile", "loadstring", "setfenv", "module",
].map { .init("the global \($0)", "return \($0)", "undefined variable '\($0)'") }

private let environment: [Attempt] = [
  .init("os.exit", "os.exit(0)", "attempt to call a nil value"),
  .init("os.execute", "os.execute('true')", "attempt to call a nil value"),
  .init("os.getenv", "os.getenv('HOME')", "attempt to call a nil value"),
  .init("os.remove", "os.remove('run')", "attempt to call a nil value"),
  .init("string.dump", "string.dump(print)", "attempt to call a nil value"),
  .init("string.dump of a method", "return ('x').dump(print)", "attempt to call a nil value"),
  .init("bytecode", "assert(load('\\27Lua\\x54\\0'))", "attempt to load a binary chunk"),
  .init("bytecode by mode", "load('\\27Lua', 'x', 'b')", "only source text"),
  .init(
    "bytecode in pieces",
    "local p = { '\\27', 'Lua' } local i = 0 assert(load(function() i = i + 1 return p[i] end))",
    "attempt to load a binary chunk"),
  .init(
    "load with a given environment",
    "assert(load('return x', 'c', 't', { x = 1 })() == 1) assert(not pcall(load('print()', 'c', 't', {})))"
  ),
  .init("require of debug", "require 'debug'", "not found"),
  .init("require of io", "require 'io'", "not found"),
  .init("require of package", "require 'package'", "not found"),
  .init("require of a path", "require '../outside/secret'", "is no module name"),
  .init("require of an absolute path", "require '/etc/passwd'", "is no module name"),
  .init("require over a link", "require 'out.secret'", "not found"),
  .init(
    "registry by a light userdata", "return next(getmetatable(eidetic.rng.new(1)))", "got string"),
  .init("metatable of the globals", "setmetatable(_G, {})", "protected metatable"),
  .init("metatable of strings", "getmetatable('').__index = {}", "attempt to index a boolean"),
  .init(
    "methods of strings",
    "string.upper = nil; assert(not pcall(function() return ('x'):upper() end))"),
  .init(
    "a finalizer", "setmetatable({}, { __gc = function() while true do end end })",
    "no finalizers"),
  .init(
    "a finalizer set later",
    "local m = {} setmetatable({}, m) m.__gc = error collectgarbage() collectgarbage()"),
  .init("collector off", "collectgarbage('stop')", "expected 'collect'"),
]

private let objects: [Attempt] = [
  .init("wrong self", "return tensor.ones{2}.sum(rng.new(1))", "self must be Tensor, got Rng"),
  .init("forged self", "return tensor.ones{2}.sum({ size = 2 })", "self must be Tensor, got table"),
  .init(
    "forged metatable", "return tensor.ones{2}.sum(setmetatable({}, { __name = 'Tensor' }))",
    "self must be Tensor, got table"),
  .init("missing self", "return tensor.ones{2}.sum()", "self must be Tensor, got nil"),
  .init(
    "metatable of an object", "getmetatable(tensor.ones{2}).__gc = nil", "attempt to index a string"
  ),
  .init("called __gc", "getmetatable(tensor.ones{2}).__gc(tensor.ones{2})", "nil value"),
  .init(
    "called __gc as a field", "tensor.ones{2}.__gc(tensor.ones{2})", "no method or property '__gc'"),
  .init(
    "called __close of another", "local r = rng.new(1) tensor.ones{2}.close(r) return r.key",
    "closed"),
  .init("new metatable", "setmetatable(tensor.ones{2}, {})", "table expected, got Tensor"),
  .init("an object's method replaced", "tensor.ones{2}.sum = print", "sum"),
  .init("a module changed", "tensor.ones = print", "cannot be changed"),
  .init("a module changed raw", "rawset(tensor, 'ones', print)", "cannot be changed"),
  .init("a module changed by table.insert", "table.insert(tensor, print)", "cannot be"),
  .init("a module's metatable", "setmetatable(tensor, {})", "protected metatable"),
  .init("use after close", "local t = tensor.ones{2} t:close() return t:sum()", "closed"),
  .init(
    "closed by an argument's metamethod",
    "local t = tensor.ones{2} t:close() t:close() return #tensor.from{ t }", "closed"),
  .init(
    "a value of many upvalues as callback",
    "eidetic.training.minimize({ tensor.ones{1}:requires_grad() }, { steps = 1, loss = setmetatable({}, { __call = error }) })",
    "must be function, got table"),
  .init(
    "a callback that closes what is used",
    """
    local w = tensor.ones{2}:requires_grad()
    eidetic.training.minimize({ w }, { steps = 3, loss = function() w:close() return tensor.ones{1} end })
    """, "does not depend on anything"),
]

private let files: [Attempt] = [
  .init("write to an absolute path", "model():save('/tmp/x.safetensors')", "out of reach"),
  .init("write above", "model():save('../x.safetensors')", "out of reach"),
  .init("write above in the middle", "model():save('a/../../x.safetensors')", "out of reach"),
  .init("write over a linked folder", "model():save('out/x.safetensors')", "out of reach"),
  .init("write over a link", "people():picture(1):save('leak.png')", "out of reach"),
  .init("write a name with NUL", "people():picture(1):save('a\\0/../../b.png')", "out of reach"),
  .init("write an empty name", "people():picture(1):save('')", "out of reach"),
  .init("write a folder", "people():picture(1):save('a/')", "out of reach"),
  .init("write a dot", "people():picture(1):save('.')", "out of reach"),
  .init("read an absolute path", "eidetic.models.load('/etc/passwd')", "out of reach"),
  .init("read over a link", "eidetic.models.load('leak.safetensors')", "out of reach"),
  .init("read a pipe", "eidetic.models.load('pipe.safetensors')", "no file"),
  .init("read a folder", "eidetic.models.load('out/secret')", "out of reach"),
  .init(
    "cache above", "require 'eidetic.host'.cached('../../x', function(p) return model() end)",
    "out of reach"),
  .init(
    "cache path used after its time",
    """
    local path
    require 'eidetic.host'.cached('x', function(p) path = p local m = model() m:save(p) return m end)
    model():save(path)
    """, "out of reach"),
  .init(
    "a run elsewhere",
    "local r = require 'eidetic.runs'.open { name = '../../outside', seeds = { 0 } } assert(not r.path:find 'outside')"
  ),
  .init(
    "two runs",
    "local o = require 'eidetic.runs'.open o { name = 'a', seeds = { 0 } } o { name = 'b', seeds = { 0 } }",
    "has one run"),
  .init("write inside", "people():picture(1):save('pictures/1.png')"),
  .init(
    "write and read inside",
    "model():save('m.safetensors') assert(eidetic.models.load('m.safetensors').count == model().count)"
  ),
]

private let depths: [Attempt] = [
  .init("Lua recursion", "local function f() return 1 + f() end f()", "stack overflow"),
  .init("pcall in pcall", "local function f() return pcall(f) end assert(f())"),
  .init(
    "error in error handlers",
    "local function f() error('x') end assert(not xpcall(f, function() f() end))"),
  .init(
    "coroutine in coroutine",
    "local function f() return coroutine.wrap(f)() end f()", "C stack overflow"),
  .init(
    "metamethods in metamethods",
    "local t = {} setmetatable(t, { __index = function(_, k) return t[k] end }) return t.x",
    "stack overflow"),
  .init(
    "__index chain",
    "local t = {} for i = 1, 1e5 do t = setmetatable({}, { __index = t }) end return t.x",
    "'__index' chain too long"),
  .init(
    "__index loop", "local t = {} setmetatable(t, { __index = t }) return t.x",
    "'__index' chain too long"),
  .init("nested parentheses", "assert(load(('('):rep(1e5)))", "C stack overflow"),
  .init("nested tables in source", "assert(load('return ' .. ('{'):rep(1e5)))", "C stack overflow"),
  .init(
    "nested functions in source", "assert(load(('return function() '):rep(1e5)))",
    "C stack overflow"),
  .init(
    "long concatenation in source", "assert(load('return ' .. ('1 ..'):rep(1e5) .. '1'))",
    "overflow"),
  .init(
    "nested unary in source", "assert(load('return ' .. ('not '):rep(1e6) .. '1'))",
    "C stack overflow"),
  .init("pattern depth", "return (('x'):rep(1e6)):find(('x?'):rep(1e5))", "pattern too complex"),
  .init("captures", "return ('x'):find(('('):rep(100))", "too many captures"),
  .init(
    "callbacks in callbacks",
    """
    local function f() return tensor.gradient_check(function(x) f() return x:sum() end, { tensor.ones{1} }) end f()
    """, "C stack overflow"),
  .init(
    "nested lists for a tensor",
    "local t = 1 for i = 1, 1e5 do t = { t } end tensor.from(t)", "tensor.from"),
  .init("a list that holds itself", "local t = {} t[1] = t tensor.from(t)", "tensor.from"),
  .init(
    "a long tape",
    "local x = tensor.ones{1}:requires_grad() local y = x for i = 1, 1e5 do y = y + 1 end y:sum():backward()"
  ),
  .init(
    "a sort with a bad order",
    "local t = {} for i = 1, 1e4 do t[i] = i % 7 end table.sort(t, function() return true end)",
    "invalid order function"),
]

private let coroutines: [Attempt] = [
  .init(
    "yield across a host callback",
    "coroutine.wrap(function() eidetic.training.minimize({ tensor.ones{1}:requires_grad() }, { steps = 1, loss = coroutine.yield }) end)()",
    "attempt to yield across a C-call boundary"),
  .init("yield outside", "tensor.no_grad(coroutine.yield)", "outside a coroutine"),
  .init(
    "a coroutine resumed inside its own host call",
    """
    local co
    co = coroutine.create(function() return tensor.no_grad(function() return coroutine.resume(co) end) end)
    local ok, inner, why = coroutine.resume(co)
    assert(ok and inner == false and why:find 'non%-suspended', tostring(why))
    """),
  .init(
    "a coroutine closed inside its own host call",
    "local co co = coroutine.create(function() tensor.no_grad(function() coroutine.close(co) end) end) assert(coroutine.resume(co))",
    "cannot close a running coroutine"),
  .init(
    "a coroutine dropped in the middle of a host call",
    "for i = 1, 100 do coroutine.wrap(function() tensor.no_grad(function() end) coroutine.yield() end)() end collectgarbage()"
  ),
  .init(
    "wrap of a host function", "local f = coroutine.wrap(tensor.ones) f{2} f()",
    "cannot resume dead coroutine"),
  .init(
    "an error in __close",
    "local x <close> = setmetatable({}, { __close = function() error('closing') end })", "closing"),
  .init(
    "an error in __close across a host call",
    "tensor.no_grad(function() local x <close> = setmetatable({}, { __close = function() error('deep') end }) error('shallow') end)",
    "deep"),
  .init(
    "yield in __close across a host call",
    "coroutine.wrap(function() tensor.no_grad(function() local x <close> = setmetatable({}, { __close = coroutine.yield }) end) end)()",
    "attempt to yield across a C-call boundary"),
]

private let errors: [Attempt] = [
  .init("nil as error", "error(nil)", "nil"),
  .init("a table as error", "error({})", "(error object is a table value)"),
  .init("a thread as error", "error(coroutine.create(print))", "(error object is a thread value)"),
  .init("a tensor as error", "error(tensor.ones{1})", "Tensor"),
  .init("NaN as error", "error(0/0)", "nan"),
  .init("invalid UTF-8 as error", "error('\\xff\\0\\xfe', 0)", "\u{FFFD}"),
  .init(
    "an error whose text is an error",
    "error(setmetatable({}, { __tostring = function() error('x') end }))", "without a readable text"
  ),
  .init(
    "an error whose text is no text",
    "error(setmetatable({}, { __tostring = function() return {} end }))", "without a readable text"),
  .init(
    "strange errors through host callbacks",
    "for _, e in ipairs { {}, 0/0, print, tensor.ones{1}, '\\xff' } do local ok, got = pcall(tensor.no_grad, function() error(e, 0) end) assert(not ok and rawequal(got, e) or e ~= e) end"
  ),
  .init("a huge error", "error(('x'):rep(1e7), 0)", "xxx"),
]

private let bombs: [Attempt] = [
  .init("a string of 10 GB", "return ('x'):rep(1e10)", "resulting string too large"),
  .init("a string beyond all sizes", "return ('x'):rep(1 << 62)", "resulting string too large"),
  .init(
    "a table without end", "local t = {} while true do t[#t + 1] = {} end", "not enough memory"),
  .init("strings that double", "local s = 'x' while true do s = s .. s end", "not enough memory"),
  .init(
    "gsub that multiplies", "return (('x'):rep(1e6):gsub('x', ('y'):rep(1e6)))", "not enough memory"
  ),
  .init("a tensor of 2^62", "return tensor.zeros{ 1 << 31, 1 << 31 }", "out of memory"),
  .init("a tensor of 2^64", "return tensor.zeros{ 1 << 32, 1 << 32 }", "out of memory"),
  .init("a tensor of negative size", "return tensor.zeros{ -1 }", "sizes of 0 or more"),
  .init(
    "tensors without end", "local t = {} while true do t[#t + 1] = tensor.zeros{ 256, 256 } end",
    "out of memory"),
  .init(
    "a broadcast of 2^60", "return tensor.ones{ 1 << 20, 1, 1 } + tensor.ones{ 1, 1 << 20, 1 }",
    "out of memory"),
  .init("a repeat of 2^62", "return tensor.ones{ 2 }:expand{ 1 << 61, 2 }", "out of memory"),
  .init("more memory", "tensor.memory_limit(1 << 50)", "can only be lowered"),
  .init(
    "a model beyond memory",
    "return eidetic.models.vlm { rng = rng.new(1), width = 8192, heads = 8 }", "out of memory"),
  .init(
    "people without end", "return eidetic.personas.people { count = 1 << 40, rng = rng.new(1) }",
    "unique names"),
  .init(
    "steps of progress", "require 'eidetic.host'.progress('x', math.mininteger, math.maxinteger)",
    "0 <= step"),
  .init("unpack", "return table.unpack({}, 1, 1e8)", "too many results"),
  .init("arguments", "return tensor.zeros(table.unpack({}, 1, 1e5))", "at most"),
]

@Suite struct EscapeTests {
  // In a process of its own: what these provoke are crashes, and the tensor limit is the process's.
  @Test(arguments: [
    "absences", "environment", "objects", "files", "depths", "coroutines", "errors", "bombs",
  ]) func `no way out`(group: String) async throws {
    await #expect(processExitsWith: .success) { [group] in
      for attempt in Self.group(group) { try Self.check(attempt) }
    }
  }

  private static func group(_ name: String) -> [Attempt] {
    switch name {
    case "absences": absences
    case "environment": environment
    case "objects": objects
    case "files": files
    case "depths": depths
    case "coroutines": coroutines
    case "errors": errors
    default: bombs
    }
  }

  private static func check(_ attempt: Attempt) throws {
    let cell = try Cell()
    defer { cell.remove() }
    var message = ""
    do { try cell.state.run(attempt.source, name: "attempt") } catch {
      message = (error as? LuaError)?.message ?? "no Lua error: \(error)"
    }
    let isRight = attempt.error.isEmpty ? message.isEmpty : message.contains(attempt.error)
    #expect(isRight, "\(attempt.name): \(message.prefix(300))")
    // The state lives on, and nothing outside has changed.
    let sum = try cell.state.run("return tensor.ones{ 3 }:sum():item()", name: "after")
    #expect(sum[0].asNumber == 3, "\(attempt.name)")
    let outside = try FileManager.default.contentsOfDirectory(atPath: cell.root + "/outside")
    #expect(outside.sorted() == ["secret", "secret.lua"], "\(attempt.name)")
    let root = try FileManager.default.contentsOfDirectory(atPath: cell.root)
    #expect(
      Set(root).isSubset(of: ["run", "script", "outside", "cache"]), "\(attempt.name): \(root)")
  }
}
