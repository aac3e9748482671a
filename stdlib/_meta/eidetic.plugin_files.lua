---@meta eidetic.plugin_files

--- Files that may hold plug-ins.
---@class eidetic.plugin_files
local eidetic_plugin_files = {}

--- Where plug-ins of a kind are looked for, in order.
---
--- ```lua
--- plugin_files.folders("probe")
--- ```
---@param kind "probe"|"method"|"dataset"|"model"
---@return string[]
function eidetic_plugin_files.folders(kind) end

--- Every file of a kind; the first of a name shadows the others.
---
--- ```lua
--- for _, file in ipairs(plugin_files.list "probe") do print(file.name, file.origin) end
--- ```
---@param kind "probe"|"method"|"dataset"|"model"
---@return table[] # name, path, origin (path, project, user, shipped)
function eidetic_plugin_files.list(kind) end

--- Compiles a listed file with globals of its own: no more than the sandbox allows.
---
--- ```lua
--- local chunk = plugin_files.load("probe", plugin_files.list("probe")[1].path)
--- ```
---@param kind "probe"|"method"|"dataset"|"model"
---@param path string As `list` names it.
---@return function # The chunk.
function eidetic_plugin_files.load(kind, path) end

--- Notes which plug-in is under way, for the message when the user stops it.
---
--- ```lua
--- plugin_files.running("probe 'mine'")
--- ```
---@param label? string Missing when none is.
function eidetic_plugin_files.running(label) end

return eidetic_plugin_files
