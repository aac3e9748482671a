---@meta eidetic.models

--- Vision-language models.
---@class eidetic.models
---@field presets table Names of the presets, smallest first.
local eidetic_models = {}

--- Reads a model that `model:save` wrote.
---
--- ```lua
--- local model, notes = models.load("mine.safetensors")
--- ```
---@param path string The safetensors file.
---@return Model
---@return table # The notes saved with it.
function eidetic_models.load(path) end

---@class eidetic.models.vlm.Options
---@field preset? "micro"|"nano"|"tiny"|"mini"|"small"|"base" micro 0.2 M, nano 0.3 M, tiny 1.5 M, small 8 M, base 25 M parameters. Default "tiny".
---@field rng Rng Decides the parameters.
---@field attributes? string[] Which attributes it has words for.
---@field image_size? integer Side of the pictures in pixels. Default 32.
---@field width? integer Replaces the preset's width.
---@field heads? integer Replaces the preset's number of attention heads.
---@field encoder_blocks? integer Replaces the preset's.
---@field decoder_blocks? integer Replaces the preset's.
---@field patch_size? integer Side of a patch in pixels. Default 8.
---@field image_tokens? integer Tokens per picture; by default one per attribute.

--- Makes a model with random parameters that speaks the language of personas.
---
--- ```lua
--- local model = models.vlm { preset = "tiny", rng = rng.new(1) }
--- ```
---@param options eidetic.models.vlm.Options
---@return Model
function eidetic_models.vlm(options) end

return eidetic_models
