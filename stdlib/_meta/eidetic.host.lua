---@meta eidetic.host

--- What the library needs from the program around it.
---@class eidetic.host
---@field version string The version of Eidetic.
---@field api_version string The version of what scripts may use.
---@field out_folder string What --out named, or nothing.
---@field script string The script that runs, or nothing.
local eidetic_host = {}

--- A model from the cache, or else made now and saved there.
---
--- ```lua
--- host.cached("mine", function(path) return make(path) end)
--- ```
---@param name string Place in the cache.
---@param make function Gets the path to save to and a `Checkpoint` for its trainings; returns the model.
---@return Model
function eidetic_host.cached(name, make) end

--- SHA-256 of the canonical JSON of plain data.
---
--- ```lua
--- host.hash { steps = 300, lr = 3e-4 }
--- ```
---@param value any Tables of positions or of names, texts, numbers.
---@return string
function eidetic_host.hash(value) end

--- Tells the user something once.
---
--- ```lua
--- host.message("the base is being made")
--- ```
---@param text string
function eidetic_host.message(text) end

--- Tells how far long work has come.
---
--- ```lua
--- host.progress("names", 10, 300, 1.25)
--- ```
---@param stage string What is going on.
---@param step integer Steps done.
---@param steps integer Steps in all.
---@param loss? number The last loss.
function eidetic_host.progress(stage, step, steps, loss) end

---@class eidetic.host.remembered.Options
---@field wait? boolean Whether to wait while another process makes the same. Default true.

--- Plain data from the cache, or else made now and saved there.
---
--- ```lua
--- local found, value = host.remembered("sum", function() return { total = 3 } end)
--- ```
---@param name string Place in the cache; it names all that decides the data.
---@param make function Returns the data: tables, texts, numbers, true or false.
---@param options? eidetic.host.remembered.Options
---@return boolean # Whether the data is here; false while another process makes it.
---@return any? # The data.
function eidetic_host.remembered(name, make, options) end

--- SHA-256 of the source of a module of the Lua library.
---
--- ```lua
--- host.source_hash("eidetic.base")
--- ```
---@param module string
---@return string
function eidetic_host.source_hash(module) end

return eidetic_host
