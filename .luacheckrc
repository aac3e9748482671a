-- Settings of luacheck, which a test runs where it is installed.
std = "lua54"
max_line_length = 100
-- Stubs declare functions that have no body; their comments are generated.
files["stdlib/_meta"] = { max_line_length = false, ignore = { "212", "241" } }
files["stdlib/eidetic/spec.lua"] = { globals = { "describe", "it", "expect", "eidetic" } }
files["stdlib/templates/*_spec.lua"] = { read_globals = { "describe", "it", "expect", "eidetic" } }
