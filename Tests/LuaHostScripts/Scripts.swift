// What the tests and the stress driver run: one script that does everything, scripts that fail, that
// never end, and that try to get out.

/// Lua sources.
package enum Scripts {
  /// Objects, errors, callbacks, coroutines, tables, strings.
  package static let everything = """
    local kept = {}
    for i = 1, 3 do
      local b = blob.new(i, { bytes = 64 })
      kept[i] = b:plus(blob.new(1)) + 2
      kept['k' .. i] = tostring(b)
      local ok, e = pcall(blob.spill, i)
      assert(not ok)
      pcall(blob.add, {})
      pcall(blob.fit, { stepz = i })
    end
    blob.fit{ steps = 2, on_step = function(s) kept.step = blob.echo({ s, kept[1], f = print }) end }
    pcall(blob.call, function() blob.call(error, { code = 1 }) end)
    local f = coroutine.wrap(function(x) coroutine.yield(blob.new(x)) error('end') end)
    f(1)
    pcall(f)
    do local c <close> = blob.new(9) end
    blob.new(4):close()
    local list = blob.echo({ 1, 2.5, 3 }, { 1, 2, 3 }, { { 'deep' }, n = { m = {} } }, ('x'):rep(100))
    assert(#list == 3)
    xpcall(function() local x = nil + 1 end, function(m) return m .. '!' end)
    load("return 1 + 1")()
    return 'done', kept
    """

  /// Objects without identity, as results, in errors and in tables.
  package static let grains = """
    local kept = {}
    for i = 1, 4 do
      local g = grain.new(i):twice()
      kept[i] = g:self()
      assert(rawequal(kept[i], g) and g:get() == 2 * i)
      for what = 0, 3 do pcall(g.spoil, g, what) end
      kept['t' .. i] = blob.echo({ g, g })
      blob.call(function(x) return x:twice() end, g)
      do local c <close> = g:twice() end
    end
    return 'done', kept
    """

  package static let endless: [(name: String, source: String)] = [
    ("loop", "while true do end"),
    ("pcall loop", "while true do pcall(function() while true do end end) end"),
    ("xpcall loop", "while true do xpcall(function() while true do end end, print) end"),
    ("xpcall handler", "xpcall(error, function() while true do end end)"),
    (
      "handler in a loop",
      "while true do xpcall(function() error() end, function() while true do end end) end"
    ),
    ("coroutine", "coroutine.wrap(function() while true do end end)()"),
    (
      "coroutines",
      "while true do coroutine.resume(coroutine.create(function() while true do end end)) end"
    ),
    (
      "coroutine in a coroutine",
      "coroutine.wrap(function() while true do pcall(coroutine.wrap(function() while true do end end)) end end)()"
    ),
    (
      "resumed coroutine",
      "local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end"
    ),
    (
      "close of a coroutine",
      """
      local co = coroutine.create(function()
        local x <close> = setmetatable({}, { __close = function() while true do end end })
        coroutine.yield()
      end)
      coroutine.resume(co)
      coroutine.close(co)
      """
    ),
    ("callback", "blob.call(function() while true do end end)"),
    (
      "callback in a pcall loop",
      "while true do pcall(blob.call, function() while true do end end) end"
    ),
    (
      "metamethod",
      "local t = setmetatable({}, { __index = function() while true do end end }); return t.x"
    ),
    ("C loop", "('x'):rep(1000000):gsub('.', function() for i = 1, 1000 do end end)"),
    ("sort", "table.sort({5, 3, 1, 4}, function(a, b) while true do end end)"),
    ("error object", "error(setmetatable({}, { __tostring = function() while true do end end }))"),
    (
      "swallowing callback", "while true do pcall(blob.again, function() while true do end end) end"
    ),
  ]

  package static let polling: [(name: String, source: String)] = [
    ("polling", "blob.spin()"), ("polling in a pcall loop", "while true do pcall(blob.spin) end"),
    ("training", "blob.fit{ steps = 1 << 40, on_step = function() end }"),
    (
      "training in a coroutine",
      "coroutine.wrap(function() blob.fit{ steps = 1 << 40, on_step = function() end } end)()"
    ),
  ]

  /// Each must end in an error or return nothing that is true.
  package static let escapes = [
    "return load('\\27Lua')",
    "return (load(string.dump and string.dump(function() end) or '\\27Lua', 'x', 'b'))",
    "return load('return 1', 'x', 'b')",
    "return rawget(string, 'dump') or rawget(_G, 'package') or rawget(_G, 'loadstring')",
    "return ('').dump",
    "return require 'debug'.sethook or require 'debug'.setmetatable",
    "require('../secret')", "require('/etc/passwd')", "require('a..b')", "require('')",
    "require('.a')",
    "require('a\\0b')", "require('package')", "require(7)",
    "getmetatable('').__index = {}", "setmetatable(_G, {})", "getmetatable(_G).__index = print",
    "getmetatable(blob).__index = {}", "setmetatable(blob, {})", "blob.new = print",
    "rawset(blob, 'new', print)", "table.insert(blob, 1)", "return next(blob)",
    "local f, s = pairs(blob); return s", "getmetatable(blob.new()).__gc = nil",
    "getmetatable(blob.new()).__gc(io)", "return type(getmetatable(blob.new())) ~= 'string'",
    "setmetatable(blob.new(), {})", "blob.new().close()", "local b = blob.new(); b.close = print",
    "coroutine.resume(coroutine.running()); return false",
    "return coroutine.close(coroutine.running())",
    "collectgarbage('stop')", "collectgarbage('generational')", "collectgarbage('setpause', 0)",
    "string.rep('x', 1 << 60)", "return ('x'):rep(1e9):rep(1e9)",
    "local t = setmetatable({}, { __index = function(t, k) return t[k] end }); return t.x",
    "local t = setmetatable({}, { __len = function() return 1 << 60 end }); return table.unpack(t)",
    "local a = {}; for i = 1, 300 do a = { a } end; blob.echo(a)",
    "local s = ('('):rep(300) .. (')'):rep(300); return ('x'):find(s)",
    "return string.format('%1000d', 1)", "return utf8.char(-1)", "return load(('('):rep(1000))",
    "blob.call(coroutine.yield)", "blob.call(blob.call, blob.call, blob.call)",
    "for k in pairs(setmetatable({}, { __pairs = function() error('x') end })) do end",
    "local x <close> = 5",
    "table.sort({3, 1, 2, 5, 4}, function() return true end) error('sorted')",
    "blob.echo(setmetatable({}, { __index = error, __len = error, __pairs = error })) error('raw')",
  ]

  /// Calls everything with anything; what it must not do is stop the process.
  package static let random = """
    local cycle = {} cycle[1] = cycle
    local dead = blob.new() dead:close()
    local values = {
      0, 1, -1, 3.5, 0/0, math.huge, math.mininteger, math.maxinteger, '', 'x', '\\xff', true, {},
      { 1, 2 }, { 1, 'x' }, { on_step = print }, { bytes = 1e18 }, { steps = -5, on_step = error },
      cycle, print, error, pcall, coroutine.yield, blob, blob.new(2), blob.stone(), dead,
      coroutine.create(print), setmetatable({}, { __index = error }), io.stdout,
    }
    local functions = { tostring, rawlen, next, type, rawequal, select, help, string.rep, string.format }
    for name, f in pairs(blob) do
      if type(f) == 'function' and name ~= 'spin' and name ~= 'stop' then functions[#functions + 1] = f end
    end
    for _, name in ipairs { 'plus', 'get', 'self', 'close' } do functions[#functions + 1] = values[25][name] end
    local function any() if math.random(12) > 1 then return values[math.random(#values)] end end
    for i = 1, 1500 do
      local ok, result = pcall(functions[math.random(#functions)], any(), any(), any())
      if ok and result ~= nil and math.random(4) == 1 then values[#values + 1] = result end
      pcall(function() return any() + any() end)
      pcall(function() return any()[any()] end)
      pcall(function() any()[any()] = any() end)
      pcall(function() return #any() .. tostring(any()) end)
      pcall(function() local x <close> = any() end)
    end
    """
}
